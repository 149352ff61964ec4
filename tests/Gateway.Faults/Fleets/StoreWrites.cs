namespace Gateway.Faults.Fleets;

/// <summary>The count of writes to the store.</summary>
internal static partial class StoreWrites
{
    /// <summary>
    /// Returns the number of writes. A gateway counts its own; for silos, the database counts them, with a delay of a
    /// second. Null if nothing counts them.
    /// </summary>
    public static async Task<long?> CountAsync(RunningFleet fleet)
    {
        if (fleet.Account is not null) return null;
        if (fleet.Kind == FleetKind.Cluster) return await OfDatabaseAsync(fleet);
        var pages = await fleet.MetricsAsync();
        var counts = pages.SelectMany(page => Writes().Matches(page)).Select(match => match.Groups[1].Value).ToList();
        return counts.Count > 0
            ? counts.Sum(count => (long)double.Parse(count, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException("No gateway tells of writes to its store.");
    }

    private static async Task<long> OfDatabaseAsync(RunningFleet fleet) => long.Parse(
        await fleet.Database!.QueryAsync(
            "SELECT (n_tup_ins + n_tup_upd)::bigint FROM pg_stat_user_tables WHERE relname = 'reservations'"),
        CultureInfo.InvariantCulture);

    /// <summary>The writes that the store accepted; a write that lost a race changed nothing.</summary>
    [GeneratedRegex("""^gateway_limits_writes_total\{[^}]*outcome="ok"[^}]*\} ([0-9.e+]+)""", RegexOptions.Multiline)]
    private static partial Regex Writes();
}
