package io.ringmaster.ring;

/**
 * Two cache lines (processors fetch them in pairs) in front of the fields of a subclass. Rings of different workers
 * are made one after the other, so they lie side by side on the heap: without this, each index that one worker
 * writes would take from another worker the line that holds its own. One side is enough, since every neighbour that
 * matters has its own; HotSpot lays out the fields of a superclass first.
 */
abstract class CacheLinePadding {
    private long line0word0;
    private long line0word1;
    private long line0word2;
    private long line0word3;
    private long line0word4;
    private long line0word5;
    private long line0word6;
    private long line0word7;
    private long line1word0;
    private long line1word1;
    private long line1word2;
    private long line1word3;
    private long line1word4;
    private long line1word5;
    private long line1word6;
    private long line1word7;
}
