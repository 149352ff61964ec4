namespace Gateway.Faults.Checking;

/// <summary>A history with its parts brought together: what each call cost, and if it reached the server.</summary>
internal sealed class Analysis
{
    /// <summary>Within this everything that was healed serves again.</summary>
    public const long BackMs = 2000;

    /// <summary>A changed policy is in force everywhere within this.</summary>
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
            // A refusal on record names no session and no value: where several have a window then, it may be any of
            // them, and a value that was refused need have no window.
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

    /// <summary>By call id, what reached the server first.</summary>
    public Dictionary<string, ServerCall> Reached { get; }

    /// <summary>What was charged to sliding limits and buckets.</summary>
    public List<Use> Momentary { get; } = [];

    public IReadOnlyCollection<WindowUse> Windows => _windows.Values;

    /// <summary>The tools that are charged to this counter.</summary>
    public IEnumerable<Tool> ToolsOf(string counter) =>
        Workload.Tools.Values.Where(tool => tool.Limits.Any(limit => limit.Counter == counter));

    /// <summary>The maxima that were in force at some moment of the window, as the operator wrote them.</summary>
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

    /// <summary>Faults that may have taken something from this window.</summary>
    public IEnumerable<Fault> FaultsOf(WindowUse window) => History.Faults.Where(fault =>
        fault.Loses && fault.FromMs < window.EndMs + 1000 && fault.HealedMs + BackMs > window.StartMs);

    /// <summary>Some tool of this counter.</summary>
    public Tool ToolOf(WindowUse window) => _toolOf.TryGetValue(window.Counter, out var tool)
        ? tool
        : _toolOf[window.Counter] = ToolsOf(window.Counter).First();

    /// <summary>The limit that it is a window of.</summary>
    public Limit LimitOf(WindowUse window) => LimitOf(ToolOf(window), window.Counter);

    /// <summary>The limit that a part of a call was charged to.</summary>
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
        // An error of the server frees the numbers, also where the gateway died before it could record that.
        var refunded = reached is { Failed: true } && Workload.Tools[decision.Tool].Refunds
            && outcome is null or "refunded";
        return new Use(decision, charge, reached, outcome, refunded || (reached is null && outcome == "released"));
    }
}
