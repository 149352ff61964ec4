using Gateway.Limits.Counting;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;
using Gateway.Orleans.Storage;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Grains;

/// <summary>
/// The owners of counters in this silo by name, and their shared state. A name consists of 96 random bits and the
/// owner's index here. It is used once, so it always identifies one activation.
/// </summary>
/// <remarks>
/// The index is part of the name because a lookup by 128 bits costs two more cache misses, for some hundred thousand
/// counters each.
/// </remarks>
internal sealed class ActivationDirectory : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>Number of the busiest counters that are reported.</summary>
    private const int BusiestMax = 10;

    /// <summary>
    /// Minimum size of a block as a fraction of the limit: a write over the network is expensive, and losing a
    /// thousandth of a limit when a silo dies is acceptable.
    /// </summary>
    private const int BlockLeastPart = 1000;

    private const int PlacesLeast = 64;

    private static readonly UInt128 PlaceOut = ~(UInt128)uint.MaxValue;

    private readonly Lock _lock = new();
    private readonly Stack<uint> _free = new();
    private readonly CounterQuota _quota;
    private readonly ITimer _timer;
    private CounterActivation?[] _owners = new CounterActivation?[PlacesLeast];
    private uint _used;
    private volatile bool _hasLeft;

    public ActivationDirectory(
        IReservationStore store, StoreMetrics metrics, ProcessClock clock, TimeProvider time,
        CounterGrainOptions options,
        ILocalSiloDetails silo, IRecordExpiry? expiry = null)
    {
        (Expiry, Metrics, Clock, Time, Options) = (expiry, metrics, clock, time, options);
        BatchGrain = BatchGrainName.Of(silo.SiloAddress);
        Runner = new CounterRunner(store, metrics, time, options.StoreTimeout);
        _quota = new CounterQuota(options.Bounds);
        metrics.Bound(options.Bounds.CountersMax);
        _timer = time.CreateTimer(static owners => ((ActivationDirectory)owners!).Look(), this, LookEvery, LookEvery);
        Rules = new CounterRules
        {
            HasSoleOwner = true,
            MarginMs = options.StrictWindows ? ClockBounds.EpsilonMs : 0,
            CallsMax = options.CallsRememberedMax,
            BlockLeastPart = BlockLeastPart,
        };
    }

    /// <summary>Receives the counters that leave memory; null if the store finds expired records by itself.</summary>
    public IRecordExpiry? Expiry { get; }

    /// <summary>Runs the owners' exchanges with the store.</summary>
    public CounterRunner Runner { get; }

    /// <summary>Counts the requests to the store.</summary>
    public StoreMetrics Metrics { get; }

    /// <summary>The clock of decisions.</summary>
    public ProcessClock Clock { get; }

    public TimeProvider Time { get; }

    public CounterGrainOptions Options { get; }

    public CounterRules Rules { get; }

    /// <summary>Key of this silo's batch grain.</summary>
    public string BatchGrain { get; }

    /// <summary>
    /// Reserves room for one more counter; returns false if the silo or the counter's grant has no room.
    /// </summary>
    public bool TryEnter(CounterKey key)
    {
        if (_quota.TryEnter(key)) return true;
        Metrics.Refuse();
        return false;
    }

    /// <summary>The busiest counters of the last five seconds, with requests per second.</summary>
    public IReadOnlyList<(CounterKey Key, double PerSecond)> Busiest { get; private set; } = [];

    /// <summary>True once this silo no longer issues numbers.</summary>
    public bool HasLeft => _hasLeft;

    /// <summary>Ends every owner. Requests to them, or to a new one, are told that it has gone.</summary>
    /// <returns>A task that completes when all unissued numbers have been returned.</returns>
    public Task LeaveAllAsync()
    {
        _hasLeft = true;
        var owners = Volatile.Read(ref _owners);
        var handBacks = new List<Task>();
        for (var place = 0; place < owners.Length; place++)
            if (Volatile.Read(ref owners[place]) is { } owner) handBacks.Add(owner.ReturnUnissuedAsync());
        return Task.WhenAll(handBacks);
    }

    /// <summary>Releases the room of a counter that is gone.</summary>
    public void Leave(CounterKey key) => _quota.Leave(key);

    /// <summary>Removes idle counters from memory when it runs short; their counts are in the records.</summary>
    public void Evict()
    {
        if (_quota.Count < _quota.Bounds.CountersMax / 2) return;
        var owners = Volatile.Read(ref _owners);
        for (var place = 0; place < owners.Length; place++)
            if (Volatile.Read(ref owners[place]) is { } owner && owner.IsIdleFor(Options.IdleAge)) owner.Evict();
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var busiest = new PriorityQueue<CounterKey, int>(BusiestMax + 1);
        var owners = Volatile.Read(ref _owners);
        for (var place = 0; place < owners.Length; place++)
        {
            if (Volatile.Read(ref owners[place]) is not { } owner || owner.TakeAsked() is not (> 0 and var asked))
                continue;
            if (busiest.Count < BusiestMax) busiest.Enqueue(owner.Key, asked);
            else busiest.EnqueueDequeue(owner.Key, asked);
        }

        Busiest =
            [.. busiest.UnorderedItems.Select(static one => (one.Element, one.Priority / LookEvery.TotalSeconds))];
        Evict();
    }

    /// <summary>Returns a name for an owner that will be added.</summary>
    public UInt128 NewName()
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var place)) place = _used++;
            if (place == _owners.Length)
            {
                var more = new CounterActivation?[2 * _owners.Length];
                _owners.CopyTo(more, 0);
                Volatile.Write(ref _owners, more);
            }

            return (Rules.Nonces.Next() & PlaceOut) | place;
        }
    }

    /// <summary>Adds an owner, so that it can be found.</summary>
    public void Add(CounterActivation owner)
    {
        lock (_lock) Volatile.Write(ref _owners[PlaceOf(owner.Owner)], owner);
        Metrics.Open();
    }

    /// <summary>Removes an owner that ends.</summary>
    public void Remove(CounterActivation owner)
    {
        lock (_lock)
        {
            var place = PlaceOf(owner.Owner);
            if (_owners[place] != owner) return;
            Volatile.Write(ref _owners[place], null);
            _free.Push(place);
        }

        Metrics.Close();
    }

    /// <summary>Returns the activation of this name, if it lives here.</summary>
    public CounterActivation? Find(UInt128 owner)
    {
        var (owners, place) = (Volatile.Read(ref _owners), PlaceOf(owner));
        if (place >= owners.Length) return null;
        return Volatile.Read(ref owners[place]) is { } found && found.Owner == owner ? found : null;
    }

    private static uint PlaceOf(UInt128 owner) => unchecked((uint)owner);
}
