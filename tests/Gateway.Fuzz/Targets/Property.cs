namespace Gateway.Fuzz.Targets;

/// <summary>Properties that hold for every input.</summary>
internal static class Property
{
    /// <summary>Allocations that need no input: tables, pools, and what the runtime compiles meanwhile.</summary>
    private const long UsualBytes = 1024 * 1024;

    public static void Holds(bool holds, string property)
    {
        if (!holds)
            throw new PropertyException(property);
    }

    /// <summary>Runs work whose allocations are bounded by a number of bytes for each byte of the input.</summary>
    public static T Bounded<T>(int inputBytes, int bytesEach, Func<T> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = work();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Holds(allocated <= UsualBytes + ((long)inputBytes * bytesEach), $"allocated {allocated} of {inputBytes} bytes");
        return result;
    }
}
