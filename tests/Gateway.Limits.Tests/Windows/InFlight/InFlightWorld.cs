using Gateway.Limits.Windows.InFlight;

namespace Gateway.Limits.Tests.Windows.InFlight;

/// <summary>
/// Two frontends, each with an owner of the counter and a clock of its own, over one store that is slow, loses answers,
/// and is away for a while; frontends are killed and stand still. The evaluate sees which calls are open.
/// </summary>
/// <param name="seed">Decides everything.</param>
/// <param name="fault">What is done wrong.</param>
internal sealed class InFlightWorld(int seed, InFlightFault fault)
{
    private const int Max = 2;
    private const int LengthMs = 240_000;
    private const int HoldMs = 25_000;
    private const int RenewMs = 5000;

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, (long AtMs, int Order)> _events = new();
    private readonly Reservation[] _records = new Reservation[2];
    private readonly CountingNonces _nonces = new();
    private readonly List<Exchange> _open = [];
    private readonly Frontend[] _frontends = new Frontend[2];
    private long _nowMs = 1_000_000_000;
    private long _storeAwayUntilMs;
    private int _order;

    /// <summary>Calls that were let through.</summary>
    public int Admitted { get; private set; }

    /// <summary>What was found; null for nothing.</summary>
    public string? Run()
    {
        var endMs = _nowMs + LengthMs;
        for (var i = 0; i < _frontends.Length; i++)
        {
            _frontends[i] = new Frontend(this, i);
            Live(i);
        }

        while (_events.TryDequeue(out var next, out var at) && at.AtMs < endMs)
        {
            _nowMs = at.AtMs;
            next();
            // Of one that stands still, or whose process is gone, nothing is promised; it must end before it goes on.
            var open = _open.Count(static one => one.Frontend is { IsPaused: false });
            if (open > Max) return $"{open} calls are open";
        }

        return null;
    }

    private void After(int leastMs, int mostMs, Action what) =>
        _events.Enqueue(what, (_nowMs + _random.Next(leastMs, mostMs + 1), _order++));

    private void Live(int number)
    {
        var frontend = _frontends[number];
        switch (_random.Next(60))
        {
            case 0:
                // kill -9: its connections close, and another process begins.
                _open.RemoveAll(one => one.Frontend == frontend);
                frontend.IsDead = true;
                _frontends[number] = new Frontend(this, number);
                break;
            case 1:
                frontend.IsPaused = true;
                After(1000, 60_000, frontend.Wake);
                break;
            case 2:
                _storeAwayUntilMs = _nowMs + _random.Next(40_000);
                break;
            default:
                if (!frontend.IsPaused) frontend.Call();
                break;
        }

        After(100, 3000, () => Live(number));
    }

    /// <summary>A call with its place, from the first byte on.</summary>
    private sealed class Exchange(Frontend frontend, CounterPermit place, long askedMs)
    {
        public Frontend Frontend => frontend;

        public CounterPermit Place { get; set; } = place;

        public long AskedMs { get; set; } = askedMs;

        public CallId Renewal { get; set; }

        public long RenewalAskedMs { get; set; }
    }

    /// <summary>A process: the owner of the counter in it, and the calls that it holds open.</summary>
    private sealed class Frontend(InFlightWorld world, int number)
    {
        private readonly int _skewMs = world._random.Next(-ClockBounds.EpsilonMs, ClockBounds.EpsilonMs + 1);
        private readonly InFlightCounter _counter = world.NewCounter();
        private readonly Dictionary<CallId, Action<CounterReply>> _waiting = [];

        public bool IsPaused { get; set; }

        public bool IsDead { get; set; }

        public void Call()
        {
            var askedMs = world._nowMs;
            Ask(new CounterRequest(CallId.New(), Amount.FromUnits(Max), Amount.One), reply =>
            {
                if (reply.Part is not { } place) return;
                if (IsOver(askedMs))
                {
                    Step((now, effects) => _counter.Release(place, place.Cost, now, effects));
                    return;
                }

                world.Admitted++;
                var exchange = Begin(place, askedMs);
                // Its client leaves: nothing follows from that.
                if (Fault == InFlightFault.FreedWhenTheClientLeaves) world.After(10, 1000, () => Release(exchange));
            });
        }

        private Exchange Begin(CounterPermit place, long askedMs)
        {
            var exchange = new Exchange(this, place, askedMs);
            world._open.Add(exchange);
            world.After(100, 60_000, () => End(exchange));
            world.After(RenewMs, RenewMs + 250, () => Tick(exchange));
            return exchange;
        }

        public void Wake()
        {
            IsPaused = false;
            if (IsDead) return;
            foreach (var exchange in world._open.FindAll(one => one.Frontend == this))
            {
                if (Fault == InFlightFault.NotEndedBeforeItExpires) continue;
                if (!IsOver(exchange.AskedMs)) continue;
                world._open.Remove(exchange);
                // It asks for its place again before it ends: what has expired must not come back.
                var askedMs = world._nowMs;
                Ask(Renewal(exchange.Place, CallId.New()), reply =>
                {
                    if (reply.Part is { } place && !IsOver(askedMs)) Begin(place, askedMs);
                });
            }
        }

        private InFlightFault Fault => world.Fault;

        private bool IsOver(long askedMs) => world._nowMs - askedMs >= HoldMs;

        private static CounterRequest Renewal(CounterPermit place, CallId id) =>
            new(id, place.Max, place.Cost) { RenewsMs = place.WindowStartMs };

        private void Tick(Exchange exchange)
        {
            if (IsDead || !world._open.Contains(exchange)) return;
            world.After(1000, RenewMs, () => Tick(exchange));
            if (IsPaused) return;
            if (IsOver(exchange.AskedMs))
            {
                if (Fault != InFlightFault.NotEndedBeforeItExpires) world._open.Remove(exchange);
                return;
            }

            if (exchange.Renewal == default)
                (exchange.Renewal, exchange.RenewalAskedMs) = (CallId.New(), world._nowMs);
            var id = exchange.Renewal;
            Ask(Renewal(exchange.Place, id), reply =>
            {
                if (reply.Part is not { } place || exchange.Renewal != id) return;
                (exchange.Place, exchange.AskedMs) = (place, exchange.RenewalAskedMs);
                exchange.Renewal = default;
            });
            // Who waited in vain asks again later, under the same id.
            world.After(500, 2000, () => Step((_, _) =>
            {
                if (_waiting.Remove(id)) _counter.Cancel(id);
            }));
        }

        private void End(Exchange exchange)
        {
            if (IsPaused)
            {
                world.After(100, 5000, () => End(exchange));
                return;
            }

            if (world._open.Remove(exchange) && !IsDead) Release(exchange);
        }

        private void Release(Exchange exchange) =>
            Step((now, effects) => _counter.Release(exchange.Place, exchange.Place.Cost, now, effects));

        private void Ask(CounterRequest request, Action<CounterReply> then)
        {
            _waiting[request.CallId] = then;
            Step((now, effects) =>
            {
                var reply = _counter.Acquire(request, now, effects);
                if (reply.Kind != CounterReplyKind.Waiting && _waiting.Remove(request.CallId)) then(reply);
            });
        }

        private void Step(Action<long, CounterEffects> step)
        {
            if (IsDead) return;
            var effects = new CounterEffects();
            step(world._nowMs + _skewMs, effects);
            if (effects.WakeAtMs is { } wakeAtMs)
                world.After(1, 100, () => Step((now, more) => _counter.OnTimer(wakeAtMs, now, more)));
            if (effects.Request is { } request) world.Store(number, request, reply => OnReply(reply));
            foreach (var answer in effects.Answers)
                if (_waiting.Remove(answer.Request.CallId, out var then)) then(answer.Reply);
        }

        private void OnReply(StoreReply reply)
        {
            if (IsPaused) world.After(100, 2000, () => OnReply(reply));
            else Step((now, effects) => _counter.OnReply(reply, now, effects));
        }
    }

    private InFlightFault Fault => fault;

    private InFlightCounter NewCounter()
    {
        var key = Asked.InFlight(Max).Key;
        var rules = new CounterRules { HasSoleOwner = false, Nonces = _nonces };
        return fault switch
        {
            InFlightFault.RenewedAfterItExpired => new RevivingCounter(key, rules),
            InFlightFault.GivenBackWhenNobodyWaits => new GivingCounter(key, rules),
            _ => new InFlightCounter(key, rules),
        };
    }

    private void Store(int frontend, StoreRequest request, Action<StoreReply> reply)
    {
        var place = fault == InFlightFault.CountedByEachFrontend ? frontend : 0;
        After(1, 400, () =>
        {
            var isAway = _nowMs < _storeAwayUntilMs;
            var isApplied = !isAway || _random.Next(2) == 0;
            var answer = isApplied ? Apply(place, request) : StoreReply.Lost(request);
            if (isAway || _random.Next(15) == 0) answer = StoreReply.Lost(request);
            After(1, isAway ? 3000 : 400, () => reply(answer));
        });
    }

    private StoreReply Apply(int place, in StoreRequest request)
    {
        ref var record = ref _records[place];
        if (request.Write is not { } write)
            return new StoreReply(
                request.Token, record.Nonce == 0 ? ReservationRead.Absent : ReservationRead.Found(record));
        if (record.Nonce != request.ExpectedNonce)
            return new StoreReply(request.Token, default, ReservationWrite.ConflictWith(record));
        record = write;
        return new StoreReply(request.Token, default, ReservationWrite.Ok);
    }

    private sealed class RevivingCounter(CounterKey key, CounterRules rules) : InFlightCounter(key, rules)
    {
        protected override bool Holds(long expiresMs, Int128 count) => true;
    }

    private sealed class GivingCounter(CounterKey key, CounterRules rules) : InFlightCounter(key, rules)
    {
        protected override Int128 StaysTaken(IEnumerable<CallId> unanswered) => 0;
    }
}
