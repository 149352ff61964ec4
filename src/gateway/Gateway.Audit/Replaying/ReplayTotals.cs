using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>
/// The totals of a replay by tool, by grant and by transition. Memory is bounded; no call is omitted.
/// </summary>
internal sealed class ReplayTotals
{
    private const int GroupsMax = 1000;
    private const int SamplesMax = 5;

    // No tool, grant or outcome has such a name.
    private const string Others = "(others)";
    private const string NoTool = "(no tool)";

    private readonly Dictionary<string, Group> _byTool = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Group> _byGrant = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Group> _byTransition = new(StringComparer.Ordinal);

    /// <summary>The groups by tool, or by method for calls of no tool.</summary>
    public IReadOnlyList<ReplayGroup> ByTool => Sorted(_byTool);

    /// <summary>The groups by grant.</summary>
    public IReadOnlyList<ReplayGroup> ByGrant => Sorted(_byGrant);

    /// <summary>The groups by the outcome before and after; unchanged calls have none.</summary>
    public IReadOnlyList<ReplayGroup> ByTransition => Sorted(_byTransition);

    /// <summary>Counts a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="word">The result.</param>
    /// <param name="change">The change, if there is one.</param>
    public void Count(RecordedCall call, ReplayWord word, ReplayChange? change)
    {
        Of(_byTool, call.Name ?? call.Method).Add(word, 1, change);
        Of(_byGrant, call.Grant).Add(word, 1, change);
        if (change is not null)
            Of(_byTransition, change.Transition).Add(word, 1, change);
    }

    /// <summary>Counts refused calls that have no record of their own.</summary>
    public void Count(RecordedFlood flood)
    {
        Of(_byTool, NoTool).Add(ReplayWord.Unknown, flood.Decisions, null);
        Of(_byGrant, flood.Grant).Add(ReplayWord.Unknown, flood.Decisions, null);
    }

    private static Group Of(Dictionary<string, Group> groups, string name)
    {
        var key = groups.Count < GroupsMax || groups.ContainsKey(name) ? name : Others;
        if (!groups.TryGetValue(key, out var group))
            groups[key] = group = new Group();
        return group;
    }

    private static List<ReplayGroup> Sorted(Dictionary<string, Group> groups) =>
    [
        .. groups.Select(static one => one.Value.ToReport(one.Key)).OrderByDescending(static one => one.Changed)
            .ThenBy(static one => one.Name, StringComparer.Ordinal),
    ];

    private sealed class Group
    {
        private readonly SortedDictionary<string, long> _transitions = new(StringComparer.Ordinal);
        private readonly List<ReplayChange> _samples = [];
        private long _same;
        private long _changed;
        private long _unknown;

        public void Add(ReplayWord word, long calls, ReplayChange? change)
        {
            if (word == ReplayWord.Same)
                _same += calls;
            else if (word == ReplayWord.Unknown)
                _unknown += calls;
            if (change is null)
                return;
            _changed += calls;
            _transitions[change.Transition] = _transitions.GetValueOrDefault(change.Transition) + calls;
            if (_samples.Count < SamplesMax)
                _samples.Add(change);
        }

        public ReplayGroup ToReport(string name) => new(name, _same, _changed, _unknown, _transitions, _samples);
    }
}
