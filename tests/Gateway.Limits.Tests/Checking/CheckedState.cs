namespace Gateway.Limits.Tests.Checking;

/// <summary>One state of the small world. Copied before every step.</summary>
internal sealed class CheckedState
{
    public const int New = 0;
    public const int Asked = 1;
    public const int Holding = 2;
    public const int Over = 3;

    public int Tick { get; set; }

    public Reservation Record { get; set; }

    public long FloorMs { get; set; } = long.MinValue;

    public required CheckedCounter[] Owners { get; init; }

    /// <summary>Requests on their way to the store, and answers on their way back.</summary>
    public List<(int Owner, StoreRequest Request)> Requests { get; private init; } = [];

    public List<(int Owner, StoreRequest Request, StoreReply Reply)> Replies { get; private init; } = [];

    /// <summary>What became of each call, the owner that it asked, and its numbers.</summary>
    public required (int Phase, int Owner, CounterPermit? Part)[] Calls { get; init; }

    public List<(int Owner, int Call)> Releases { get; private init; } = [];

    public required int[] Budgets { get; init; }

    /// <summary>Numbers given out and not taken back, by window.</summary>
    public Dictionary<long, List<NumberRange>> Issued { get; private init; } = [];

    public Dictionary<long, Int128> SentByLabel { get; private init; } = [];

    public Dictionary<long, Int128> SentByTime { get; private init; } = [];

    public CheckedState Copy() => new()
    {
        Tick = Tick,
        Record = Record,
        FloorMs = FloorMs,
        Owners = Array.ConvertAll(Owners, static owner => (CheckedCounter)owner.Copy()),
        Requests = [.. Requests],
        Replies = [.. Replies],
        Calls = [.. Calls],
        Releases = [.. Releases],
        Budgets = [.. Budgets],
        Issued = Issued.ToDictionary(static one => one.Key, static one => one.Value.ToList()),
        SentByLabel = new Dictionary<long, Int128>(SentByLabel),
        SentByTime = new Dictionary<long, Int128>(SentByTime),
    };

    public UInt128 Hash(StateText text)
    {
        text.Clear().Put(Tick, FloorMs);
        text.PutRecord(Record);
        foreach (var owner in Owners)
        {
            text.Put('o');
            owner.Describe(text);
        }

        foreach (var (owner, request) in Requests)
        {
            text.Put('q', owner, Owners[owner].Awaits(request) ? 1 : 0, request.Write is null ? 0 : 1);
            text.PutRecord(request.Write ?? default);
            text.PutNonce(request.ExpectedNonce);
        }

        foreach (var (owner, request, reply) in Replies)
        {
            text.Put('p', owner, Owners[owner].Awaits(request) ? 1 : 0);
            CheckedStore.Put(text, reply, static (to, record) => to.PutRecord(record));
        }

        foreach (var (phase, owner, part) in Calls)
            text.Put('c', phase, owner, part?.WindowStartMs ?? 0, (long)(part?.Top ?? 0));
        foreach (var (owner, call) in Releases) text.Put('r', owner, call);
        foreach (var budget in Budgets) text.Put(budget);
        foreach (var (window, sum) in SentByLabel.OrderBy(static one => one.Key)) text.Put('l', window, (long)sum);
        foreach (var (window, sum) in SentByTime.OrderBy(static one => one.Key)) text.Put('t', window, (long)sum);
        return text.Hash();
    }
}
