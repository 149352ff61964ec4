namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Makes a damaged journal usable without ever admitting too much: intact records are kept, and every window that began
/// before the repair is refused until its end, because its counts may be lost.
/// </summary>
internal static class JournalRepair
{
    public const string DamagedName = "journal.damaged";

    private const int CopyBytes = 1024 * 1024;

    /// <summary>Reads everything that is readable; changes the journal only if it is damaged.</summary>
    /// <exception cref="JournalException">There is no journal, or it has a newer format.</exception>
    public static JournalRepairReport Run(IJournalDisk disk, long nowMs, string? bootId = null)
    {
        var witness = new JournalWitness(disk, bootId ?? BootId.Read());
        JournalScan scan;
        string? missing;
        using (var file = disk.Open(JournalFile.Name))
        {
            if (file is null) return Recreate(disk, witness, nowMs);
            scan = JournalScan.Salvage(file, JournalFile.Name);
            missing = witness.Missing(file, scan.WholeLength, out var isExplained);
            if (scan.IsUsable && (missing is null || isExplained))
                return new JournalRepairReport(scan.Frames, scan.State.Entries.Count, [], null);
            Keep(disk, file);
        }

        Rewrite(disk, witness, scan.State, nowMs);
        return new JournalRepairReport(
            scan.Frames, scan.State.Entries.Count, [.. scan.BadStretches], nowMs)
        { Missing = missing };
    }

    /// <summary>Creates an empty journal, because the old one is gone with all its counts.</summary>
    private static JournalRepairReport Recreate(IJournalDisk disk, JournalWitness witness, long nowMs)
    {
        if (witness.Missing(null, 0, out _) is not { } missing) throw Missing();
        Rewrite(disk, witness, new JournalState { ShortBlindMs = long.MinValue }, nowMs);
        return new JournalRepairReport(0, 0, [], nowMs) { Missing = missing };
    }

    private static void Rewrite(IJournalDisk disk, JournalWitness witness, JournalState state, long nowMs)
    {
        state.QuarantineMs = Math.Max(state.QuarantineMs, nowMs);
        using var repaired = new JournalFile(disk, witness);
        if (!repaired.TryRewrite(state, out var failure)) throw failure!;
    }

    /// <summary>Returns the exception for a missing journal.</summary>
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
