using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Soak;

/// <summary>
/// The seconds whose p99 is more than a few times that of the median second, each with the known events at that time.
/// </summary>
internal static class SlowSlices
{
    /// <summary>The allowed multiple of the median second's p99.</summary>
    public const double TimesMax = 4;

    private const double PauseMsMin = 5;
    private const double OthersShareMin = 0.5;
    private const double StolenMsMin = 15;

    /// <summary>Returns the p99 of the median second; 0 if there is none.</summary>
    public static double MedianP99(IReadOnlyList<LatencySlice> slices)
    {
        var sorted = slices.Select(static slice => slice.P99).Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[sorted.Count / 2];
    }

    public static IReadOnlyList<(LatencySlice Slice, string Cause)> Of(
        IReadOnlyList<LatencySlice> slices, IReadOnlyList<SoakSample> samples)
    {
        var bound = TimesMax * MedianP99(slices);
        return [.. slices.Where(slice => slice.P99 > bound).Select(slice => (slice, Cause(slice, samples)))];
    }

    // The samples on both sides of the second, and one before them, because the cause of a delay may have begun
    // earlier.
    private static string Cause(LatencySlice slice, IReadOnlyList<SoakSample> samples)
    {
        var last = samples.ToList().FindIndex(sample => sample.Seconds >= slice.Second + 1);
        last = last < 0 ? samples.Count - 1 : last;
        var first = Math.Max(0, samples.ToList().FindLastIndex(sample => sample.Seconds <= slice.Second));
        if (last <= first)
            return "no look at that time";
        string[] causes = [.. Differences(samples[first], samples[last])];
        return causes.Length == 0 ? "nothing that the gateway tells" : string.Join(", ", causes);
    }

    private static IEnumerable<string> Differences(SoakSample before, SoakSample after)
    {
        if (after.JournalBytes < before.JournalBytes)
            yield return "journal rewritten";
        if (after.AuditFile != before.AuditFile)
            yield return "the record's next file";
        if (after.CompressedFiles > before.CompressedFiles)
            yield return "a file of the record compressed";
        if ((after.PauseSeconds - before.PauseSeconds) * 1000 is > PauseMsMin and var pause)
            yield return FormattableString.Invariant($"the gateway's collector paused {pause:0} ms");
        if ((after.SenderPauseSeconds - before.SenderPauseSeconds) * 1000 is > PauseMsMin and var own)
            yield return FormattableString.Invariant($"the sender's collector paused {own:0} ms");
        if ((after.StolenSeconds - before.StolenSeconds) * 1000 is > StolenMsMin and var stolen)
            yield return FormattableString.Invariant($"the host took the processors for {stolen:0} ms");
        var others = (after.OthersSeconds - before.OthersSeconds) / (after.Seconds - before.Seconds);
        if (others > OthersShareMin)
            yield return FormattableString.Invariant($"others used {others:0.0} of {Environment.ProcessorCount} cores");
    }
}
