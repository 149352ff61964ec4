namespace Gateway.Limits.Tests.Checking.Sliding;

/// <summary>One state of the small sliding world. Copied before every step.</summary>
internal sealed class SlidingWorldState
{
    public const int New = 0;
    public const int Asked = 1;
    public const int Holding = 2;
    public const int Over = 3;

    public int Moment { get; set; }

    public Reservation Record { get; set; }

    public required CheckedSliding[] Owners { get; init; }

    public List<(int Owner, StoreRequest Request)> Requests { get; private init; } = [];

    public List<(int Owner, StoreRequest Request, StoreReply Reply)> Replies { get; private init; } = [];

    /// <summary>What became of each call, the owner that it asked, and its numbers.</summary>
    public required (int Phase, int Owner, CounterPermit? Part)[] Calls { get; init; }

    public List<(int Owner, int Call)> Releases { get; private init; } = [];

    public required int[] Budgets { get; init; }

    /// <summary>When each call was let through, by true time, and for how much.</summary>
    public List<(long TrueMs, int Cost)> Sent { get; private init; } = [];

    public SlidingWorldState Copy() => new()
    {
        Moment = Moment,
        Record = Record,
        Owners = Array.ConvertAll(Owners, static owner => (CheckedSliding)owner.Copy()),
        Requests = [.. Requests],
        Replies = [.. Replies],
        Calls = [.. Calls],
        Releases = [.. Releases],
        Budgets = [.. Budgets],
        Sent = [.. Sent],
    };

    public UInt128 Hash(StateText text)
    {
        text.Clear().Put(Moment);
        CheckedSliding.Put(text, Record);
        foreach (var owner in Owners)
        {
            text.Put('o');
            owner.Describe(text);
        }

        foreach (var (owner, request) in Requests) Put(text, 'q', owner, request);
        foreach (var (owner, request, reply) in Replies)
        {
            Put(text, 'r', owner, request);
            CheckedStore.Put(text, reply, CheckedSliding.Put);
        }

        foreach (var (phase, owner, part) in Calls) text.Put('c').Put(phase, owner, part?.WindowStartMs ?? 0);
        foreach (var (owner, call) in Releases) text.Put('l').Put(owner, call);
        foreach (var budget in Budgets) text.Put(budget);
        foreach (var (trueMs, cost) in Sent) text.Put(trueMs, cost);
        return text.Hash();
    }

    private void Put(StateText text, char mark, int owner, StoreRequest request)
    {
        text.Put(mark).Put(owner, Owners[owner].Awaits(request) ? 1 : 0);
        text.PutNonce(request.ExpectedNonce);
        if (request.Write is { } record) CheckedSliding.Put(text, record);
    }
}
