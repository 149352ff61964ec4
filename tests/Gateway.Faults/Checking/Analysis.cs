namespace Gateway.Faults.Checking;

/// <summary>A history whose parts are joined: the cost of each call, and if it reached the server.</summary>
internal sealed class Analysis
{
    /// <summary>The time within which everything must serve again after a fault is healed.</summary>
    public const long BackMs = 2000;

    /// <summary>The time within which a changed policy must apply everywhere.</summary>
    public const long HeardMs = 5000;

    private readonly Dictionary<(string Key, long StartMs), WindowUse> _windows = [];
    private readonly Dictionary<string, Tool> _toolOf = [];

    public Analysis(History history, Workload workload, FleetKind kind)
    {
        (History, Workload, Kind) = (history, workload, kind);
        Reached = [];
        foreach (var call in history.Server) Reached.TryAdd(call.CallId, call);
        foreach (var decision in history.Decisions)
        {
            foreach (var charge in decision.Charges)
            {
                var use = Evaluate(decision, charge);
                if (charge.IsMomentary) Momentary.Add(use);
                else Window(charge).Uses.Add(use);
            }
        }

        var byLabel = _windows.Values.ToLookup(window => (window.Counter, window.EndMs));
        foreach (var refused in history.Refusals)
        {
            // A recorded refusal names no session and no value. If several have a window at that time, it may belong to
            // any of them, and a refused value may have no window at all.
            var windows = byLabel[(refused.Counter, refused.EndMs)];
            if (windows.Any() && LimitOf(windows.First()) is { IsKeyed: true } limit
                && (windows.Count() > 1 || limit.ValuesMax > 0)) continue;
            foreach (var window in windows)
                window.RefusedAt = Math.Max(window.RefusedAt ?? 0, refused.Max);
        }
    }

    public History History { get; }

    public Workload Workload { get; }

    public FleetKind Kind { get; }

    /// <summary>The first arrival at the server of each call id.</summary>
    public Dictionary<string, ServerCall> Reached { get; }

    /// <summary>The charges of sliding limits and buckets.</summary>
    public List<Use> Momentary { get; } = [];

    public IReadOnlyCollection<WindowUse> Windows => _windows.Values;

    /// <summary>Returns the tools that are charged to this counter.</summary>
    public IEnumerable<Tool> ToolsOf(string counter) =>
        Workload.Tools.Values.Where(tool => tool.Limits.Any(limit => limit.Counter == counter));

    /// <summary>Returns the maxima that applied at some moment of the window, as the operator wrote them.</summary>
    public IReadOnlyList<decimal> MaximaOf(WindowUse window)
    {
        var tool = ToolOf(window);
        if (!tool.IsEdited) return [LimitOf(window).Max];
        var maxima = new List<decimal>();
        for (var i = 0; i < History.Edits.Count; i++)
        {
            var untilMs = i + 1 < History.Edits.Count ? History.Edits[i + 1].AtMs + HeardMs : long.MaxValue;
            if (History.Edits[i].AtMs < window.EndMs && untilMs > window.StartMs) maxima.Add(History.Edits[i].Max);
        }

        return maxima.Count > 0 ? maxima : [Workload.EditedMaxima[0]];
    }

    /// <summary>Returns the faults that may have cost this window some of its numbers.</summary>
    public IEnumerable<Fault> FaultsOf(WindowUse window) => History.Faults.Where(fault =>
        fault.Loses && fault.FromMs < window.EndMs + 1000 && fault.HealedMs + BackMs > window.StartMs);

    /// <summary>Returns any tool of this counter.</summary>
    public Tool ToolOf(WindowUse window) => _toolOf.TryGetValue(window.Counter, out var tool)
        ? tool
        : _toolOf[window.Counter] = ToolsOf(window.Counter).First();

    /// <summary>Returns the limit that the window belongs to.</summary>
    public Limit LimitOf(WindowUse window) => LimitOf(ToolOf(window), window.Counter);

    /// <summary>Returns the limit that a part of a call was charged to.</summary>
    public Limit LimitOf(Use use) => LimitOf(Workload.Tools[use.Decision.Tool], use.Charge.Counter);

    private static Limit LimitOf(Tool tool, string counter) => tool.Limits.First(limit => limit.Counter == counter);

    private WindowUse Window(Charge charge)
    {
        if (!_windows.TryGetValue((charge.Key, charge.StartMs), out var window))
        {
            window = new WindowUse(charge.Key, charge.Counter, charge.StartMs);
            _windows[(charge.Key, charge.StartMs)] = window;
        }

        window.EndMs = Math.Max(window.EndMs, charge.EndMs);
        return window;
    }

    private Use Evaluate(Decision decision, Charge charge)
    {
        var reached = Reached.GetValueOrDefault(decision.CallId);
        var outcome = History.Outcomes.GetValueOrDefault(decision.CallId);
        // A server error frees the numbers, even if the gateway ended before it could record that.
        var refunded = reached is { Failed: true } && Workload.Tools[decision.Tool].Refunds
            && outcome is null or "refunded";
        return new Use(decision, charge, reached, outcome, refunded || (reached is null && outcome == "released"));
    }
}
