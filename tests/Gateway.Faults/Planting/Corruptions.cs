namespace Gateway.Faults.Planting;

/// <summary>One falsification for each property and more. A checker that accepts one of them proves nothing.</summary>
internal static class Corruptions
{
    public static IReadOnlyList<Corruption> All { get; } =
    [
        new("one number in two hands", Property.NumbersOnce, OneNumberTwice),
        new("a number above the maximum", Property.NumbersOnce, NumberAboveMax),
        new("one call more than the maximum, by label", Property.ChargedWithinMax, OneCallMore),
        new("calls of two lengths of a sliding limit in one", Property.ChargedWithinMax, SlidTogether),
        new("a bucket that is drawn at one moment", Property.ChargedWithinMax, DrawnAtOnce),
        new("a call of a full session, counted for another", Property.ChargedWithinMax,
            analysis => CountedElsewhere(analysis, limit => limit.IsPerSession)),
        new("a call of a full value, counted for another", Property.ChargedWithinMax,
            analysis => CountedElsewhere(analysis, limit => limit.ValuesMax > 0)),
        new("more values than a window may have", Property.ChargedWithinMax, OneValueMore),
        new("a day that begins before the one before it has ended", Property.ChargedWithinMax, DayTooEarly),
        new("a request of a service more than its maximum", Property.ServicesWithinMax, OneRequestMore),
        new("one call more open than may be", Property.OpenWithinMax, OneMoreOpen),
        new("a refund without an error of the server", Property.ChargedWithinMax, FreeCall),
        new("a call that nobody decided", Property.RecordedFirst, LostDecision),
        new("a call id that reached the server twice", Property.ReachedOnce, SentTwice),
        new("one limit of two not charged", Property.AllOrNone, LimitNotCharged),
        new("one limit charged twice", Property.AllOrNone, LimitChargedTwice),
        new("a refusal by a window that was not full", Property.UsedInFull, NotFull),
        new("a call before its window", Property.InItsWindow, TooEarly),
        new("a call long after its window", Property.InItsWindow, TooLate),
        new("no admission for 10 s after healing", Property.BackInTime, LateAdmission),
        new("a call denied though all is well", Property.Available, DeniedWhileCalm),
        new("a write too many", Property.WritesBounded, OneWriteMore),
    ];

    private static History? OneNumberTwice(Analysis analysis)
    {
        var window = Window(analysis, window => Held(window).Count > 1);
        if (window is null) return null;
        var held = Held(window);
        var (second, first) = (held[1], held[0].Charge.Intervals);
        return Recharged(analysis.History, second.Decision, second.Charge, second.Charge with { Intervals = first });
    }

    private static History? NumberAboveMax(Analysis analysis)
    {
        var window = Window(analysis, window => Held(window).Count > 0);
        if (window is null) return null;
        var use = Held(window)[0];
        var above = use.Charge with { Intervals = [(use.Charge.Max, use.Charge.Max + 1)] };
        return Recharged(analysis.History, use.Decision, use.Charge, above);
    }

    private static History? OneCallMore(Analysis analysis)
    {
        var window = Window(analysis, window => window.Charged == analysis.MaximaOf(window)[0]);
        if (window is null) return null;
        var use = Held(window)[0];
        var more = use.Decision with { CallId = "one more" };
        var history = analysis.History;
        return history with
        {
            Decisions = [.. history.Decisions, more],
            Server = [.. history.Server, use.Reached! with { CallId = more.CallId }],
        };
    }

    /// <summary>Gives all its calls one deadline, so that more than the maximum lie within its length.</summary>
    private static History? SlidTogether(Analysis analysis) =>
        Recounted(analysis, "slide", (part, first) => part with { EndMs = first.EndMs });

    private static History? DrawnAtOnce(Analysis analysis) =>
        Recounted(analysis, "drip", (part, first) => part with { StartMs = first.StartMs });

    private static History? Recounted(Analysis analysis, string counter, Func<Charge, Charge, Charge> change)
    {
        var first = analysis.Momentary.Find(use => use.Charge.Counter == counter)?.Charge;
        return first is null ? null : analysis.History with
        {
            Decisions = [.. analysis.History.Decisions.Select(decision => decision with
            {
                Charges = [.. decision.Charges.Select(part => part.Counter == counter ? change(part, first) : part)],
            })],
        };
    }

    private static History? OneRequestMore(Analysis analysis)
    {
        var history = analysis.History;
        return history.Services.FirstOrDefault(ask => ask.Outcome == CallOutcome.Admitted) is not { } ask
            ? null
            : history with
            {
                Services = [.. history.Services, .. Enumerable.Repeat(ask, Services.MaxOf(ask.Descriptors[0]))],
            };
    }

    /// <summary>Gives each call of one window its own value, which exceeds the maximum of values.</summary>
    private static History? OneValueMore(Analysis analysis)
    {
        var window = analysis.Windows.FirstOrDefault(window =>
            analysis.LimitOf(window).ValuesMax > 0 && Held(window).Count > 0);
        if (window is null) return null;
        var (use, history) = (Held(window)[0], analysis.History);
        var more = Enumerable.Range(0, analysis.LimitOf(window).ValuesMax + 1).Select(static i => $"more {i}");
        var decisions = more.Select(id => use.Decision with
        {
            CallId = id,
            Charges = [use.Charge with { Key = use.Charge.Key.Replace("~by~", "~by~" + id, StringComparison.Ordinal) }],
        });
        return history with
        {
            Decisions = [.. history.Decisions, .. decisions],
            Server = [.. history.Server, .. more.Select(id => use.Reached! with { CallId = id, Subject = id })],
        };
    }

    /// <summary>
    /// Attributes a call to another subject. The keys look correct: only the server knows the subject.
    /// </summary>
    private static History? CountedElsewhere(Analysis analysis, Func<Limit, bool> isOne)
    {
        var window = analysis.Windows.FirstOrDefault(window =>
            isOne(analysis.LimitOf(window)) && window.Charged == analysis.MaximaOf(window)[0]);
        if (window is null) return null;
        var use = Held(window)[0];
        var other = use.Charge with { Key = "another-" + use.Charge.Key };
        var more = use.Decision with { CallId = "one more", Charges = [other] };
        var history = analysis.History;
        return history with
        {
            Decisions = [.. history.Decisions, more],
            Server = [.. history.Server, use.Reached! with { CallId = more.CallId }],
        };
    }

    /// <summary>Moves one of its calls to another day that began a moment later.</summary>
    private static History? DayTooEarly(Analysis analysis)
    {
        var window = analysis.Windows.FirstOrDefault(
            window => analysis.LimitOf(window).Zone is not null && Held(window).Count > 1);
        if (window is null) return null;
        var use = Held(window)[^1];
        return Recharged(analysis.History, use.Decision, use.Charge, use.Charge with { StartMs = window.StartMs + 1 });
    }

    /// <summary>
    /// Adds a call that is correctly recorded and charged, while the maximum of calls is already open.
    /// </summary>
    private static History? OneMoreOpen(Analysis analysis)
    {
        var history = analysis.History;
        var open = history.Server.FirstOrDefault(call =>
            analysis.Workload.Tools[call.Tool].OpenMax > 0 && call.EndMs > call.AtMs + 10);
        return open is null ? null : history with
        {
            Server =
            [
                .. history.Server,
                .. Enumerable.Range(0, analysis.Workload.Tools[open.Tool].OpenMax)
                    .Select(i => open with { CallId = $"more {i}", AtMs = open.AtMs + 1 + i }),
            ],
        };
    }

    private static History? FreeCall(Analysis analysis)
    {
        var window = Window(analysis, window => Held(window).Count > 0);
        if (window is null) return null;
        var outcomes = new Dictionary<string, string>(analysis.History.Outcomes)
        {
            [Held(window)[0].Decision.CallId] = "refunded",
        };
        return analysis.History with { Outcomes = outcomes };
    }

    private static History? LostDecision(Analysis analysis)
    {
        var history = analysis.History;
        var lost = history.Decisions.FirstOrDefault(decision => analysis.Reached.ContainsKey(decision.CallId));
        return lost is null ? null : history with { Decisions = [.. history.Decisions.Where(each => each != lost)] };
    }

    private static History? SentTwice(Analysis analysis) => analysis.History.Server.Count == 0
        ? null
        : analysis.History with { Server = [.. analysis.History.Server, analysis.History.Server[^1]] };

    private static History? LimitNotCharged(Analysis analysis) => Changed(
        analysis.History,
        decision => decision.Charges.Length > 1,
        decision => decision with { Charges = decision.Charges[1..] });

    private static History? LimitChargedTwice(Analysis analysis) => Changed(
        analysis.History,
        decision => decision.Charges.Length > 1,
        decision => decision with { Charges = [.. decision.Charges, decision.Charges[0]] });

    private static History? NotFull(Analysis analysis)
    {
        var evaluated = Fullness.Evaluated(analysis).ToHashSet();
        var window = Window(analysis, window => evaluated.Contains(window) && window.Charged == window.RefusedAt);
        if (window is null) return null;
        // Without the faults that would excuse it.
        var touching = analysis.FaultsOf(window).ToHashSet();
        var gone = Held(window).Take(Held(window).Count * 3 / 4).Select(use => use.Decision.CallId).ToHashSet();
        var history = analysis.History;
        return history with
        {
            Decisions = [.. history.Decisions.Where(decision => !gone.Contains(decision.CallId))],
            Server = [.. history.Server.Where(call => !gone.Contains(call.CallId))],
            Faults = [.. history.Faults.Where(fault => !touching.Contains(fault))],
            CallersEach = 1,
            MembersMax = 1,
        };
    }

    private static History? TooEarly(Analysis analysis) =>
        Moved(analysis, window => window.StartMs - 400);

    private static History? TooLate(Analysis analysis) => Moved(analysis, window => window.EndMs + 60_000);

    private static History? LateAdmission(Analysis analysis)
    {
        var history = analysis.History;
        var fault = history.Faults.FirstOrDefault(fault => fault.Members.Count > 0);
        if (fault is null) return null;
        var untilMs = fault.HealedMs + 10_000;
        return history with
        {
            Faults = [fault],
            Probes = [.. history.Probes.Select(probe => probe.ToMs < fault.HealedMs || probe.ToMs > untilMs
                ? probe
                : probe with { Outcome = CallOutcome.Unavailable })],
        };
    }

    private static History? DeniedWhileCalm(Analysis analysis)
    {
        var calm = analysis.History.Phases.FirstOrDefault(phase => phase.Name == "calm");
        if (calm is null) return null;
        var bad = new BadCall("g1", calm.FromMs + 1, calm.FromMs + 2, CallOutcome.Unavailable, null);
        var history = analysis.History;
        return history with
        {
            BadCalls = [.. history.BadCalls, bad],
            // Without the delays that would excuse it.
            Stalls =
            [
                .. history.Stalls.Where(stall => stall.AtMs < bad.FromMs || stall.AtMs - stall.LateMs > bad.ToMs),
            ],
        };
    }

    private static History? OneWriteMore(Analysis analysis)
    {
        var calm = analysis.History.Phases.FirstOrDefault(phase => phase.Name == "calm");
        return calm is null ? null : analysis.History with
        {
            Phases = [.. analysis.History.Phases.Select(phase => phase != calm
                ? phase
                : phase with { Writes = Checking.Writes.Allowed(analysis, calm) + 1 })],
        };
    }

    /// <summary>Returns a window of a counter where each call counts one and nothing is given back.</summary>
    private static WindowUse? Window(Analysis analysis, Func<WindowUse, bool> has) =>
        analysis.Windows.FirstOrDefault(window => IsPlain(analysis, window) && has(window));

    private static bool IsPlain(Analysis analysis, WindowUse window) => analysis.ToolOf(window) is
    {
        Limits: [{ Seconds: > 0, Max: >= 4 }], AmountMax: 0, Refunds: false, IsEdited: false,
    };

    private static List<Use> Held(WindowUse window) =>
        [.. window.Uses.Where(use => use is { Reached: not null, IsGivenBack: false })];

    private static History? Moved(Analysis analysis, Func<WindowUse, long> toMs)
    {
        var window = Window(analysis, window => Held(window).Count > 0 && !analysis.FaultsOf(window).Any());
        if (window is null) return null;
        var call = Held(window)[0].Reached!;
        var moved = call with { AtMs = toMs(window) };
        return analysis.History with
        {
            Server = [.. analysis.History.Server.Select(each => each == call ? moved : each)],
        };
    }

    private static History Recharged(History history, Decision decision, Charge charge, Charge changed) =>
        Changed(history, each => each == decision, each => each with
        {
            Charges = [.. each.Charges.Select(part => part == charge ? changed : part)],
        })!;

    private static History? Changed(History history, Func<Decision, bool> first, Func<Decision, Decision> change)
    {
        var found = history.Decisions.FirstOrDefault(first);
        return found is null ? null : history with
        {
            Decisions = [.. history.Decisions.Select(each => each == found ? change(each) : each)],
        };
    }
}
