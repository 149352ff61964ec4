namespace Gateway.Limits.Tests.Checking;

/// <summary>
/// Everything that can happen in a small world, breadth first, with the real step function: owners that nothing fences,
/// requests applied late or never answered, clocks that say anything within a tick at every reading.
/// </summary>
internal sealed class Checker
{
    private const long StartMs = 1_772_366_400_000;
    private const int Crashes = 0;
    private const int TimeOuts = 1;
    private const int Releases = 2;
    private const int HandBacks = 3;
    private const int Deletions = 4;

    private readonly CheckedBounds _bounds;
    private readonly CounterRules _rules;
    private readonly CounterEffects _effects = new();
    private readonly StateText _text = new();
    private readonly Dictionary<UInt128, (UInt128 From, string How)> _seen = [];
    private readonly Queue<(CheckedState State, UInt128 Hash)> _queue = new();

    public Checker(CheckedBounds bounds)
    {
        _bounds = bounds;
        _rules = new CounterRules
        {
            HasSoleOwner = bounds.HasSoleOwner,
            Nonces = new CountingNonces(),
            MarginMs = bounds.IsStrict ? ClockBounds.EpsilonMs : 0,
            CallsMax = 16,
        };
    }

    public int States => _seen.Count;

    public bool IsComplete { get; private set; }

    /// <summary>Null if no state breaks a promise; else what, and the shortest way there.</summary>
    public string? Run()
    {
        var first = new CheckedState
        {
            Owners =
            [
                .. Enumerable.Range(0, _bounds.Owners)
                    .Select(owner => _bounds.MakeCounter(_bounds.Key, _rules, owner)),
            ],
            Calls = new (int, int, CounterPermit?)[_bounds.Costs.Length],
            Oracle = _bounds.NewOracle(new WorldOptions { IsStrict = _bounds.IsStrict, HasPolicyChanges = false }),
            Budgets = [_bounds.Crashes, _bounds.TimeOuts, _bounds.Releases, _bounds.HandBacks, _bounds.Deletions],
        };
        Visit(first, 0, "start");
        while (_queue.TryDequeue(out var next))
        {
            if (States > _bounds.StatesMax) return null;
            try
            {
                Expand(next.State, next.Hash);
            }
            catch (Exception broken) when (broken is Violation or InvalidOperationException)
            {
                return broken.Message + "\n  " + string.Join("\n  ", Way(next.Hash));
            }
        }

        IsComplete = true;
        return null;
    }

    private void Expand(CheckedState state, UInt128 hash)
    {
        void Try(string how, Action<CheckedState> step)
        {
            var copy = state.Copy();
            step(copy);
            Visit(copy, hash, how);
        }

        if (state.Moment + 1 < _bounds.Moments.Length)
            Try($"it is {_bounds.Moments[state.Moment + 1]}", static next => next.Moment++);
        for (var i = 0; i < state.Requests.Count; i++)
        {
            var at = i;
            Try($"store applies {state.Requests[at]}", next => Apply(next, at));
        }

        for (var i = 0; i < state.Replies.Count; i++)
        {
            var at = i;
            var how = $"o{state.Replies[at].Owner} hears {state.Replies[at].Reply}";
            foreach (var nowMs in Clocks(state)) Try(how, next => Hear(next, at, nowMs));
        }

        for (var owner = 0; owner < state.Owners.Length; owner++) ExpandOwner(state, owner, Try);
        for (var call = 0; call < state.Calls.Length; call++) ExpandCall(state, call, Try);
        for (var i = 0; i < state.Releases.Count; i++)
        {
            var (at, twice) = (i, state.Budgets[Releases] > 0);
            foreach (var nowMs in Clocks(state)) Try("release arrives", next => Release(next, at, nowMs, isLast: true));
            if (twice) Try("release arrives, and will again", next => Release(next, at, Ms(next), isLast: false));
        }

        if (state.Budgets[Deletions] > 0 && state.Record.Nonce != 0) Try("sweep", Sweep);
    }

    private void ExpandOwner(CheckedState state, int owner, Action<string, Action<CheckedState>> tryStep)
    {
        var counter = state.Owners[owner];
        if (state.Budgets[Crashes] > 0 && counter.WindowStartMs != long.MinValue)
        {
            tryStep($"o{owner} crashes", next =>
            {
                next.Budgets[Crashes]--;
                next.Owners[owner] = _bounds.MakeCounter(_bounds.Key, _rules, owner);
                next.Requests.RemoveAll(one => one.Owner == owner && one.Request.Write is null);
                next.Replies.RemoveAll(one => one.Owner == owner);
            });
        }

        var asked = state.Requests.FindIndex(one => one.Owner == owner && counter.Awaits(one.Request));
        var answered = state.Replies.FindIndex(one => one.Owner == owner && counter.Awaits(one.Request));
        if (state.Budgets[TimeOuts] > 0 && (asked >= 0 || answered >= 0))
        {
            var request = asked >= 0 ? state.Requests[asked].Request : state.Replies[answered].Request;
            tryStep($"o{owner} times out", next =>
            {
                next.Budgets[TimeOuts]--;
                Step(next, owner, counter => counter.OnReply(StoreReply.Lost(request), Ms(next), _effects));
            });
        }

        if (state.Budgets[HandBacks] > 0 && counter.HoldsNumbers)
        {
            tryStep($"o{owner} hands back", next =>
            {
                next.Budgets[HandBacks]--;
                Step(next, owner, counter => counter.ReturnUnissued(Ms(next), _effects));
            });
        }
    }

    private void ExpandCall(CheckedState state, int call, Action<string, Action<CheckedState>> tryStep)
    {
        var (phase, asked, _) = state.Calls[call];
        if (phase == CheckedState.New && (call == 0 || state.Calls[call - 1].Phase != CheckedState.New))
        {
            for (var i = 0; i < state.Owners.Length; i++)
            {
                var owner = i;
                foreach (var nowMs in Clocks(state))
                    tryStep($"call {call} asks o{owner} at {nowMs - StartMs}", next => Ask(next, call, owner, nowMs));
            }
        }

        if (phase != CheckedState.Holding) return;
        foreach (var nowMs in Clocks(state)) tryStep($"call {call} is sent", next => Send(next, call, nowMs));
        if (state.Budgets[Releases] == 0) return;
        tryStep($"call {call} releases", next =>
        {
            next.Budgets[Releases]--;
            next.Calls[call].Phase = CheckedState.Over;
            next.Releases.Add((asked, call));
        });
    }

    private void Ask(CheckedState state, int call, int owner, long nowMs)
    {
        state.Calls[call] = (CheckedState.Asked, owner, null);
        var (max, cost) = (Amount.FromUnits(_bounds.Max), Amount.FromUnits(_bounds.Costs[call]));
        var ask = new CounterRequest(new CallId((UInt128)call), max, cost);
        state.Oracle.Ask(_bounds.Key, max);
        Step(state, owner, counter =>
        {
            var reply = counter.Acquire(ask, nowMs, _effects);
            if (reply.Kind != CounterReplyKind.Waiting) _effects.Answers.Add(new AnsweredCall(ask, reply));
        });
    }

    private void Send(CheckedState state, int call, long nowMs)
    {
        var part = state.Calls[call].Part!;
        var permit = new Permit(new CallId((UInt128)call), [Copy(part)], _rules.MarginMs);
        if (permit.TrySpend(nowMs, out _) != SpendOutcome.Spent) return;
        state.Calls[call].Phase = CheckedState.Over;
        state.Oracle.Send(permit.CallId, permit, Ms(state));
    }

    private void Apply(CheckedState state, int at)
    {
        var (owner, request) = state.Requests[at];
        state.Requests.RemoveAt(at);
        var record = state.Record;
        var reply = CheckedStore.Apply(_bounds.Key, request, state.FloorMs, ref record);
        state.Record = record;
        if (state.Owners[owner].Awaits(request)) state.Replies.Add((owner, request, reply));
    }

    private void Hear(CheckedState state, int at, long nowMs)
    {
        var (owner, _, reply) = state.Replies[at];
        state.Replies.RemoveAt(at);
        Step(state, owner, counter => counter.OnReply(reply, nowMs, _effects));
    }

    private void Release(CheckedState state, int at, long nowMs, bool isLast)
    {
        var (owner, call) = state.Releases[at];
        if (isLast) state.Releases.RemoveAt(at);
        else state.Budgets[Releases]--;
        var (id, cost) = (new CallId((UInt128)call), Amount.FromUnits(_bounds.Costs[call]));
        Step(state, owner, counter =>
        {
            var part = counter.OutFor(id);
            counter.Release(id, cost, nowMs, _effects);
            if (part is not null && counter.OutFor(id) is null && state.Oracle.MayReturn(part, counter, nowMs))
                state.Oracle.Return(id, part, cost, counter, nowMs);
        });
    }

    private void Sweep(CheckedState state)
    {
        state.Budgets[Deletions]--;
        var endMs = _bounds.Key.RecordEndMs(state.Record.WindowStartMs);
        if (Ms(state) + ClockBounds.EpsilonMs < endMs) return;
        state.Record = default;
        if (_bounds.Key.Kind.IsAligned) state.FloorMs = Math.Max(state.FloorMs, endMs);
    }

    private void Step(CheckedState state, int owner, Action<ICounter> step)
    {
        _effects.Clear();
        step(state.Owners[owner]);
        foreach (var (ask, reply) in _effects.Answers)
        {
            var call = (int)ask.CallId.Bits;
            state.Calls[call] = (CheckedState.Over, owner, null);
            if (reply.Part is not { } part) continue;
            state.Oracle.Issue(ask.CallId, part, state.Record, Ms(state));
            state.Calls[call] = (CheckedState.Holding, owner, Copy(part));
        }

        if (_effects.Request is { } request) state.Requests.Add((owner, request));
    }

    /// <summary>A permit as it is after the network: nothing of the owner's is in it.</summary>
    private static CounterPermit Copy(CounterPermit part) =>
        new(part.Key, part.Max, part.Cost, part.WindowStartMs, part.Intervals, part.UsedAfter)
        {
            WindowEndMs = part.WindowEndMs,
        };

    private void Visit(CheckedState state, UInt128 from, string how)
    {
        // A request that can neither win nor be waited for changes nothing any more.
        state.Requests.RemoveAll(one => !state.Owners[one.Owner].Awaits(one.Request)
            && (one.Request.Write is null || (one.Request.ExpectedNonce != state.Record.Nonce
                && !(one.Request.ExpectedNonce == 0 && state.Budgets[Deletions] > 0))));
        state.Replies.RemoveAll(one => !state.Owners[one.Owner].Awaits(one.Request));
        var hash = state.Hash(_text);
        if (_seen.TryAdd(hash, (from, how))) _queue.Enqueue((state, hash));
    }

    private List<string> Way(UInt128 hash)
    {
        var way = new List<string>();
        for (; hash != 0; hash = _seen[hash].From) way.Insert(0, _seen[hash].How);
        return way;
    }

    private long Ms(CheckedState state) => StartMs + _bounds.Moments[state.Moment];

    private IEnumerable<long> Clocks(CheckedState state) =>
        [Ms(state), Ms(state) - ClockBounds.EpsilonMs, Ms(state) + ClockBounds.EpsilonMs];
}
