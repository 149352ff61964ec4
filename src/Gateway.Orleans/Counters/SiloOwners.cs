using System.Collections.Concurrent;
using Gateway.Limits;
using Gateway.Limits.Counting;
using Gateway.Orleans.Desks;

namespace Gateway.Orleans.Counters;

/// <summary>
/// The owners of counters that live in this silo, by the names that they gave themselves, and what they share. A name
/// is 128 random bits and used once, so whoever knows it means that activation and no other.
/// </summary>
internal sealed class SiloOwners
{
    /// <summary>
    /// A write over the network is dear, and a thousandth of a limit is little to lose where a silo dies.
    /// </summary>
    private const int BlockLeastPart = 1000;

    private readonly ConcurrentDictionary<UInt128, CounterDriver> _owners = new();

    public SiloOwners(
        IReservationStore store, StoreTally tally, ProcessClock clock, TimeProvider time, CounterGrainOptions options,
        ILocalSiloDetails silo)
    {
        (Store, Tally, Clock, Time, Options) = (store, tally, clock, time, options);
        Desk = DeskName.Of(silo.SiloAddress);
        Rules = new CounterRules
        {
            HasSoleOwner = true,
            MarginMs = options.StrictWindows ? ClockBounds.EpsilonMs : 0,
            CallsMax = options.CallsRememberedMax,
            BlockLeastPart = BlockLeastPart,
        };
    }

    /// <summary>Where reservations are.</summary>
    public IReservationStore Store { get; }

    /// <summary>Counts what is asked of it.</summary>
    public StoreTally Tally { get; }

    /// <summary>The clock of decisions.</summary>
    public ProcessClock Clock { get; }

    /// <summary>For waiting.</summary>
    public TimeProvider Time { get; }

    /// <summary>How the owners behave.</summary>
    public CounterGrainOptions Options { get; }

    /// <summary>The rules of each counter.</summary>
    public CounterRules Rules { get; }

    /// <summary>The key of the desk at which all of them can be asked.</summary>
    public string Desk { get; }

    /// <summary>From now on it is found.</summary>
    public void Add(CounterDriver owner)
    {
        _owners[owner.Owner] = owner;
        Tally.Open();
    }

    /// <summary>It ends, and is found no more.</summary>
    public void Remove(CounterDriver owner)
    {
        if (_owners.TryRemove(owner.Owner, out _)) Tally.Close();
    }

    /// <summary>The activation of this name, if it lives here.</summary>
    public CounterDriver? Find(UInt128 owner) => _owners.GetValueOrDefault(owner);
}
