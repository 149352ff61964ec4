namespace Gateway.Limits.Tests.Checking;

/// <summary>
/// Everything that can happen to calls with two limits each, in one window: asked in order, released if the second says
/// no or the deadline passed, releases late and repeated, owners that crash. A call is charged on both or on neither.
/// </summary>
internal sealed class PairChecker(
    int calls, int[] max, int crashes, int expiries, int repeats, Func<SteppedPlan>? makePlan = null)
{
    private const long NowMs = 1_772_366_400_500;

    private static readonly CounterKey[] Keys = [Asked.Key("first", "minute"), Asked.Key("second", "minute")];

    public static AcquiringOptions Options { get; } = new() { DeferMs = 0 };

    private readonly CounterRules _rules = new() { HasSoleOwner = false, Nonces = new CountingNonces(), CallsMax = 16 };
    private readonly CounterEffects _effects = new();
    private readonly StateText _text = new();
    private readonly HashSet<UInt128> _seen = [];
    private readonly Queue<PairState> _queue = new();

    public int States => _seen.Count;

    /// <summary>Null if no state breaks a promise; else what.</summary>
    public string? Run()
    {
        Visit(new PairState
        {
            Owners = [.. Keys.Select(key => WindowKind.NewCounter(key, _rules))],
            Calls = [.. Enumerable.Range(0, calls).Select(NewCall)],
            CrashesLeft = crashes,
            ExpiriesLeft = expiries,
            RepeatsLeft = repeats,
        });
        try
        {
            while (_queue.TryDequeue(out var state)) Expand(state);
            return null;
        }
        catch (Exception broken) when (broken is Violation or InvalidOperationException)
        {
            return broken.Message;
        }
    }

    private void Expand(PairState state)
    {
        if (state.IsQuiet) CheckEnd(state);
        for (var i = 0; i < state.Requests.Count; i++) Try(state, i, Apply);
        for (var i = 0; i < state.Replies.Count; i++) Try(state, i, Hear);
        for (var i = 0; i < state.Releases.Count; i++)
        {
            Try(state, i, (next, at) => Release(next, at, isLast: true));
            if (state.RepeatsLeft > 0) Try(state, i, (next, at) => Release(next, at, isLast: false));
        }

        for (var key = 0; key < 2; key++) if (state.CrashesLeft > 0) Try(state, key, Crash);
        for (var call = 0; call < calls; call++)
        {
            var phase = state.Calls[call].Phase;
            if (phase == PairPhase.New && (call == 0 || state.Calls[call - 1].Phase != PairPhase.New))
                Try(state, call, (next, at) =>
                {
                    next.Calls[at].Start();
                    Ask(next, at);
                });
            if (phase == PairPhase.MayAsk) Try(state, call, Ask);
            if (phase != PairPhase.Holds) continue;
            Try(state, call, Send);
            if (state.ExpiriesLeft > 0) Try(state, call, Expire);
        }
    }

    private void Try(PairState state, int at, Action<PairState, int> step)
    {
        var next = state.Copy();
        step(next, at);
        Visit(next);
    }

    private void Visit(PairState state)
    {
        state.Requests.RemoveAll(one => one.Request.Write is null && !state.Owners[one.Key].Awaits(one.Request));
        state.Replies.RemoveAll(one => !state.Owners[one.Key].Awaits(one.Request));
        if (_seen.Add(state.Hash(_text))) _queue.Enqueue(state);
    }

    private PairCall NewCall(int call) => new(
        new LimitRequest(
            new CallId((UInt128)call),
            NowMs,
            [.. Keys.Select((key, i) => new LimitCost(key, Amount.FromUnits(max[i]), Amount.One))]),
        makePlan ?? (static () => new SteppedPlan(Options, null)));

    private void Ask(PairState state, int call)
    {
        var (key, ask) = (state.Calls[call].Index, state.Calls[call].Request);
        state.Calls[call].Ask();
        Step(state, key, counter =>
        {
            var reply = counter.Acquire(ask, NowMs, _effects);
            if (reply.Kind != CounterReplyKind.Waiting) _effects.Answers.Add(new AnsweredCall(ask, reply));
        });
    }

    private static void Apply(PairState state, int at)
    {
        var (key, request) = state.Requests[at];
        state.Requests.RemoveAt(at);
        var reply = CheckedStore.Apply(Keys[key], request, long.MinValue, ref state.Records[key]);
        state.Replies.Add((key, request, reply));
    }

    private void Hear(PairState state, int at)
    {
        var (key, _, reply) = state.Replies[at];
        state.Replies.RemoveAt(at);
        Step(state, key, counter => counter.OnReply(reply, NowMs, _effects));
    }

    /// <summary>Those who wait are refused, as a frontend sees it when its owner is gone.</summary>
    private void Crash(PairState state, int key)
    {
        state.CrashesLeft--;
        state.Owners[key] = WindowKind.NewCounter(Keys[key], _rules);
        for (var call = 0; call < calls; call++)
        {
            if (state.Calls[call].Phase != PairPhase.Asked || state.Calls[call].Index != key) continue;
            state.Calls[call].Cancel();
            GiveBack(state, call);
        }
    }

    private void Step(PairState state, int key, Action<ICounter> step)
    {
        _effects.Clear();
        step(state.Owners[key]);
        if (_effects.Request is { } request) state.Requests.Add((key, request));
        foreach (var (ask, reply) in _effects.Answers)
        {
            var call = (int)(ulong)ask.CallId.Bits;
            if (reply.Part is { } part) Issue(state, key, part);
            state.Calls[call].Hear(reply);
            if (state.Calls[call].Phase == PairPhase.Over) GiveBack(state, call);
        }
    }

    private void Issue(PairState state, int key, CounterPermit part)
    {
        foreach (var numbers in part.Intervals)
        {
            if (numbers.High > Amount.FromUnits(max[key]).Nano) throw new Violation($"{numbers} is above the maximum");
            if (state.Issued[key].Contains(numbers)) throw new Violation($"{numbers} issued twice");
            state.Issued[key].Add(numbers);
        }
    }

    /// <summary>Not sent: whatever it has to give back is on its way.</summary>
    private static void GiveBack(PairState state, int call)
    {
        foreach (var part in state.Calls[call].Released)
            state.Releases.Add((Array.IndexOf(Keys, part.Key), call));
    }

    private void Expire(PairState state, int call)
    {
        state.ExpiriesLeft--;
        GiveBack(state, call);
        state.Calls[call].End();
    }

    private void Send(PairState state, int call)
    {
        state.Calls[call].End();
        state.Sent++;
        if (state.Sent > max.Min()) throw new Violation($"{state.Sent} sent of {max.Min()}");
    }

    private void Release(PairState state, int at, bool isLast)
    {
        var (key, call) = state.Releases[at];
        if (isLast) state.Releases.RemoveAt(at);
        else state.RepeatsLeft--;
        var id = new CallId((UInt128)call);
        var part = state.Owners[key].OutFor(id);
        if (part is not null)
            foreach (var numbers in part.Intervals) state.Issued[key].Remove(numbers);
        Step(state, key, counter => counter.Release(id, Amount.One, NowMs, _effects));
    }

    /// <summary>Nothing is left to do: without a crash, both keys are charged what was sent, if anything.</summary>
    private void CheckEnd(PairState state)
    {
        if (state.CrashesLeft < crashes) return;
        for (var key = 0; key < 2; key++)
        {
            if (state.Issued[key].Count != state.Sent)
                throw new Violation($"{state.Sent} sent, {state.Issued[key].Count} charged on {Keys[key].Counter}");
            var used = ((FixedWindowCounter)state.Owners[key]).Used;
            if (used != Amount.FromUnits(state.Sent))
                throw new Violation($"{state.Sent} sent, {used} used on {Keys[key].Counter}");
        }

        if (state.Sent == 0 && state.ExpiriesLeft == expiries) throw new Violation("nothing was sent");
    }
}
