using Gateway.Audit.Records;

namespace Gateway.Control.Usage.Counting;

/// <summary>
/// Counts decisions on tool calls by minute, grant, server, tool and outcome, in this process: one lookup and one
/// increment for each call, without a lock once a key is known.
/// </summary>
/// <param name="options">The maximum number of keys in one hour.</param>
public sealed class UsageCounts(UsageOptions options)
{
    /// <summary>The label of everything that has no label of its own.</summary>
    public const string Other = "(other)";

    /// <summary>The outcome of a call that went on.</summary>
    public const string Allowed = "allowed";

    // An agent chooses names, and one may be as long as a whole body.
    private const int NameCharsMax = 256;

    // Enough for a store that is unreachable for an hour.
    private const int PagesMax = 60;

    /// <summary>All outcomes.</summary>
    internal static readonly string[] Outcomes =
        [Allowed, .. Enum.GetValues<RefusalCategory>().Select(RefusalJson.Name)];

    private readonly Lock _turning = new();
    private readonly List<UsagePage> _pages = [];
    private volatile UsagePage? _page;
    private long _lost;

    /// <summary>The number of calls whose count was lost because the store was unreachable for too long.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Counts a decision.</summary>
    /// <param name="grant">The grant's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="tool">The tool's bounded label.</param>
    /// <param name="refusal">The reason why it was refused; null if it was allowed.</param>
    /// <param name="nowMs">The time of the decision in Unix milliseconds.</param>
    public void Count(string grant, string server, string tool, RefusalCategory? refusal, long nowMs)
    {
        var outcome = refusal is { } category ? 1 + (int)category : 0;
        var page = At(nowMs / 60_000);
        var key = new UsageKey(Short(grant), Short(server), Short(tool), Outcomes[outcome]);
        page.Add(page.Table.PlaceOf(key, outcome));
    }

    /// <summary>
    /// Returns the pages that are not finished and written, the oldest first, including this minute's.
    /// </summary>
    internal IReadOnlyList<UsagePage> Pages(long nowMs)
    {
        At(nowMs / 60_000);
        lock (_turning)
            return [.. _pages];
    }

    /// <summary>Removes a page on which nothing is counted any more.</summary>
    internal void Forget(UsagePage page)
    {
        lock (_turning)
            _pages.Remove(page);
    }

    private static string Short(string name) => name.Length <= NameCharsMax ? name : Other;

    // A decision slightly older than the start of the latest minute counts in that minute.
    private UsagePage At(long minute) => _page is { } page && page.Minute >= minute ? page : Turn(minute);

    private UsagePage Turn(long minute)
    {
        lock (_turning)
        {
            if (_page is { } latest && latest.Minute >= minute)
                return latest;
            var table = _page?.Table is { IsFull: false } old && old.Hour == minute / 60
                ? old
                : new UsageTable(minute / 60, options.KeysMax);
            var page = new UsagePage(minute, table);
            _pages.Add(page);
            if (_pages.Count > PagesMax)
            {
                Interlocked.Add(ref _lost, _pages[0].Read().Sum - Math.Max(0, _pages[0].Written));
                _pages.RemoveAt(0);
            }

            return _page = page;
        }
    }
}
