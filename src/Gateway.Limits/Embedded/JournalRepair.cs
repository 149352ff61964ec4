namespace Gateway.Limits.Embedded;

/// <summary>
/// Makes a damaged journal usable without ever admitting more for it: what is whole is kept, and every window that
/// began before the repair is refused to its end, because what it had counted may be lost.
/// </summary>
internal static class JournalRepair
{
    public const string DamagedName = "journal.damaged";

    private const int CopyBytes = 1024 * 1024;

    /// <summary>Reads all that can be read; changes something only if something is damaged.</summary>
    /// <exception cref="JournalException">There is no journal, or it is of a newer format.</exception>
    public static JournalRepairReport Run(IJournalDisk disk, long nowMs)
    {
        JournalScan scan;
        using (var file = disk.Open(JournalFile.Name))
        {
            if (file is null) throw Missing();
            scan = JournalScan.Salvage(file, JournalFile.Name);
            if (scan.IsUsable) return new JournalRepairReport(scan.Frames, scan.State.Entries.Count, [], null);
            Keep(disk, file);
        }

        scan.State.BlindMs = Math.Max(scan.State.BlindMs, nowMs);
        using var repaired = new JournalFile(disk);
        if (!repaired.TryRewrite(scan.State, out var failure)) throw failure!;
        return new JournalRepairReport(scan.Frames, scan.State.Entries.Count, [.. scan.BadStretches], nowMs);
    }

    /// <summary>What is said where there is nothing to repair.</summary>
    public static JournalException Missing() => new("There is no journal to repair; start without --repair.");

    private static void Keep(IJournalDisk disk, IJournalFile damaged)
    {
        using var kept = disk.Create(DamagedName);
        var buffer = new byte[CopyBytes];
        for (var offset = 0L; offset < damaged.Length;)
        {
            var read = damaged.Read(offset, buffer);
            if (read == 0) break;
            kept.Append(buffer.AsSpan(0, read));
            offset += read;
        }

        kept.Sync();
    }
}
