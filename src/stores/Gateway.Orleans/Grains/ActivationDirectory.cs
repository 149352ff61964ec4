using Gateway.Limits.Counting;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;
using Gateway.Orleans.Storage;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Grains;

/// <summary>
/// The owners of counters that live in this silo, by their names, and what they share. A name is 96 random bits and the
/// owner's place here, and used once, so whoever knows it means that activation and no other.
/// </summary>
/// <remarks>
/// By the place, because a look-up by 128 bits is two misses of the cache more, for each of some hundred thousand
/// counters.
/// </remarks>
internal sealed class ActivationDirectory : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>So many of the busiest counters are named.</summary>
    private const int BusiestMax = 10;

    /// <summary>
    /// A write over the network is dear, and a thousandth of a limit is little to lose where a silo dies.
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
        IReservationStore store, StoreMetrics tally, ProcessClock clock, TimeProvider time, CounterGrainOptions options,
        ILocalSiloDetails silo, IRecordExpiry? expiry = null)
    {
        (Expiry, Metrics, Clock, Time, Options) = (expiry, tally, clock, time, options);
        BatchGrain = BatchGrainName.Of(silo.SiloAddress);
        Runner = new CounterRunner(store, tally, time, options.StoreTimeout);
        _quota = new CounterQuota(options.Bounds);
        tally.Bound(options.Bounds.CountersMax);
        _timer = time.CreateTimer(static owners => ((ActivationDirectory)owners!).Look(), this, LookEvery, LookEvery);
        Rules = new CounterRules
        {
            HasSoleOwner = true,
            MarginMs = options.StrictWindows ? ClockBounds.EpsilonMs : 0,
            CallsMax = options.CallsRememberedMax,
            BlockLeastPart = BlockLeastPart,
        };
    }

    /// <summary>Told which counters leave memory; null where the store finds by itself what is over.</summary>
    public IRecordExpiry? Expiry { get; }

    /// <summary>Takes there what the owners want of it.</summary>
    public CounterRunner Runner { get; }

    /// <summary>Counts what is asked of it.</summary>
    public StoreMetrics Metrics { get; }

    /// <summary>The clock of decisions.</summary>
    public ProcessClock Clock { get; }

    /// <summary>For waiting.</summary>
    public TimeProvider Time { get; }

    /// <summary>How the owners behave.</summary>
    public CounterGrainOptions Options { get; }

    /// <summary>The rules of each counter.</summary>
    public CounterRules Rules { get; }

    /// <summary>The key of the desk at which all of them can be asked.</summary>
    public string BatchGrain { get; }

    /// <summary>Takes a place for one more counter; false where none is left, or none for its grant.</summary>
    public bool TryEnter(CounterKey key)
    {
        if (_quota.TryEnter(key)) return true;
        Metrics.Refuse();
        return false;
    }

    /// <summary>The counters that were asked most in the last five seconds, and how often a second.</summary>
    public IReadOnlyList<(CounterKey Key, double PerSecond)> Busiest { get; private set; } = [];

    /// <summary>True once nothing is given out here any more.</summary>
    public bool HasLeft => _hasLeft;

    /// <summary>Ends every owner; whoever asks one, or a new one, is told that it has gone.</summary>
    /// <returns>Ends when what was in hand has gone back.</returns>
    public Task LeaveAllAsync()
    {
        _hasLeft = true;
        var owners = Volatile.Read(ref _owners);
        var handBacks = new List<Task>();
        for (var place = 0; place < owners.Length; place++)
            if (Volatile.Read(ref owners[place]) is { } owner) handBacks.Add(owner.ReturnUnissuedAsync());
        return Task.WhenAll(handBacks);
    }

    /// <summary>A counter that took a place is gone.</summary>
    public void Leave(CounterKey key) => _quota.Leave(key);

    /// <summary>
    /// Where memory runs short, what nobody asks leaves it: what is counted is in the record.
    /// </summary>
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

    /// <summary>A name for an owner that is to be added.</summary>
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

    /// <summary>From now on it is found.</summary>
    public void Add(CounterActivation owner)
    {
        lock (_lock) Volatile.Write(ref _owners[PlaceOf(owner.Owner)], owner);
        Metrics.Open();
    }

    /// <summary>It ends, and is found no more.</summary>
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

    /// <summary>The activation of this name, if it lives here.</summary>
    public CounterActivation? Find(UInt128 owner)
    {
        var (owners, place) = (Volatile.Read(ref _owners), PlaceOf(owner));
        if (place >= owners.Length) return null;
        return Volatile.Read(ref owners[place]) is { } found && found.Owner == owner ? found : null;
    }

    private static uint PlaceOf(UInt128 owner) => unchecked((uint)owner);
}
