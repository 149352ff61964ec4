using Gateway.Audit.Records;
using Gateway.Control.Telemetry;

namespace Gateway.Control.Usage.Counting;

/// <summary>
/// Counts decisions on tool calls by minute, grant, server, tool, policy and outcome, and their results by duration, in
/// this process: one lookup and one increment for each, without a lock once a key is known.
/// </summary>
/// <param name="options">The maximum number of keys in one hour.</param>
/// <param name="ratios">The use of limits; null for none.</param>
public sealed class UsageCounts(UsageOptions options, CounterRatios? ratios = null)
{
    /// <summary>The label of everything that has no label of its own.</summary>
    public const string Other = "(other)";

    /// <summary>The outcome of a call that went on.</summary>
    public const string Allowed = "allowed";

    // An agent chooses names, and one may be as long as a whole body.
    private const int NameCharsMax = 256;

    // Enough for a store that is unreachable for an hour.
    private const int PagesMax = 60;

    // Durations take memory, also of the minutes that wait for the store; results beyond this share those of one key.
    private const int DurationsMax = 16 * 1024;

    /// <summary>All outcomes.</summary>
    internal static readonly string[] Outcomes =
        [Allowed, .. Enum.GetValues<RefusalCategory>().Select(RefusalJson.Name)];

    private readonly Lock _turning = new();
    private readonly List<UsagePage> _pages = [];
    private volatile UsagePage? _page;
    private long _lost;
    private int _durations;

    /// <summary>The number of calls whose count was lost because the store was unreachable for too long.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Counts a decision.</summary>
    /// <param name="grant">The grant's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="tool">The tool's bounded label.</param>
    /// <param name="refusal">The reason why it was refused; null if it was allowed.</param>
    /// <param name="nowMs">The time of the decision in Unix milliseconds.</param>
    /// <param name="policy">The policy that decided; null for none.</param>
    public void Count(
        string grant, string server, string tool, RefusalCategory? refusal, long nowMs, string? policy = null)
    {
        var outcome = refusal is { } category ? 1 + (int)category : 0;
        var page = At(nowMs / 60_000);
        page.Add(page.Table.PlaceOf(KeyOf(grant, server, tool, outcome, policy), outcome));
    }

    /// <summary>
    /// Counts a grant's charge of a budget. It is counted beside the call that charges it, so that totals of calls do
    /// not include it.
    /// </summary>
    /// <param name="grant">The grant's name.</param>
    /// <param name="budget">The budget's name.</param>
    /// <param name="refusal">The reason why the budget refused it; null if it was charged.</param>
    /// <param name="nowMs">The time of the decision in Unix milliseconds.</param>
    /// <param name="policy">The policy that names the budget; null for none.</param>
    public void Charge(string grant, string budget, RefusalCategory? refusal, long nowMs, string? policy)
    {
        var outcome = refusal is { } category ? 1 + (int)category : 0;
        At(nowMs / 60_000).Charge(KeyOf(grant, CounterRatios.Budgets, budget, outcome, policy));
    }

    /// <summary>Counts the result of an allowed call.</summary>
    /// <param name="grant">The grant's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="tool">The tool's bounded label.</param>
    /// <param name="policy">The policy that decided; null for none.</param>
    /// <param name="durationMs">The time from the call's arrival to its end.</param>
    /// <param name="isError">True if the call failed.</param>
    /// <param name="nowMs">The time of the end in Unix milliseconds.</param>
    public void CountResult(
        string grant, string server, string tool, string? policy, long durationMs, bool isError, long nowMs)
    {
        var page = At(nowMs / 60_000);
        var place = page.Table.PlaceOf(KeyOf(grant, server, tool, outcome: 0, policy), 0);
        (page.ResultsAt(place) ?? CreateResults(page, place)).Add(durationMs, isError);
    }

    /// <summary>
    /// Returns the pages that are not finished and written, the oldest first, including this minute's.
    /// </summary>
    internal IReadOnlyList<UsagePage> Pages(long nowMs)
    {
        var page = At(nowMs / 60_000);
        lock (_turning)
        {
            foreach (var (limit, use) in ratios?.Sample() ?? [])
                page.Note(limit, use);
            return [.. _pages];
        }
    }

    /// <summary>True if no page has a decision.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (_turning)
                return _pages.TrueForAll(static page => page.Read().Sum == 0);
        }
    }

    /// <summary>Removes a page on which nothing is counted any more.</summary>
    internal void Forget(UsagePage page)
    {
        lock (_turning)
            Remove(page);
    }

    private static string Short(string name) => name.Length <= NameCharsMax ? name : Other;

    private static UsageKey KeyOf(string grant, string server, string tool, int outcome, string? policy) =>
        new(Short(grant), Short(server), Short(tool), Outcomes[outcome], policy is null ? "" : Short(policy));

    private DurationCounts CreateResults(UsagePage page, int place)
    {
        lock (_turning)
        {
            var bounded = _durations < DurationsMax ? place : 0;
            if (page.ResultsAt(bounded) is { } known)
                return known;
            _durations++;
            return page.CreateResults(bounded);
        }
    }

    private void Remove(UsagePage page)
    {
        if (_pages.Remove(page))
            _durations -= page.ReadResults().Count;
    }

    private UsagePage At(long minute) => _page is { } page && page.Minute == minute ? page : Find(minute);

    private UsagePage Find(long minute)
    {
        lock (_turning)
        {
            // A decision is recorded slightly later, and counts in its own minute, as in the audit log. One that is
            // older than all pages counts in the latest minute.
            if (_page is { } latest && latest.Minute >= minute)
                return _pages.Find(page => page.Minute == minute) ?? latest;
            var table = _page?.Table is { IsFull: false } old && old.Hour == minute / 60
                ? old
                : new UsageTable(minute / 60, options.KeysMax);
            var page = new UsagePage(minute, table);
            _pages.Add(page);
            if (_pages.Count > PagesMax)
            {
                Interlocked.Add(ref _lost, _pages[0].Read().Sum - Math.Max(0, _pages[0].Written));
                Remove(_pages[0]);
            }

            return _page = page;
        }
    }
}
