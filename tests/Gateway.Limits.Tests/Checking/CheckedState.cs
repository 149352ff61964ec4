using Gateway.Limits.Tests.Simulation.Oracles;

namespace Gateway.Limits.Tests.Checking;

/// <summary>One state of the small world. Copied before every step.</summary>
internal sealed class CheckedState
{
    public const int New = 0;
    public const int Asked = 1;
    public const int Holding = 2;
    public const int Over = 3;

    public int Moment { get; set; }

    public Reservation Record { get; set; }

    public long FloorMs { get; set; } = long.MinValue;

    public required ICounter[] Owners { get; init; }

    /// <summary>Requests on their way to the store, and answers on their way back.</summary>
    public List<(int Owner, StoreRequest Request)> Requests { get; private init; } = [];

    public List<(int Owner, StoreRequest Request, StoreReply Reply)> Replies { get; private init; } = [];

    /// <summary>What became of each call, the owner that it asked, and its numbers.</summary>
    public required (int Phase, int Owner, CounterPermit? Part)[] Calls { get; init; }

    public List<(int Owner, int Call)> Releases { get; private init; } = [];

    public required int[] Budgets { get; init; }

    public required Oracle Oracle { get; init; }

    public CheckedState Copy() => new()
    {
        Moment = Moment,
        Record = Record,
        FloorMs = FloorMs,
        Owners = Array.ConvertAll(Owners, static owner => owner.Copy()),
        Requests = [.. Requests],
        Replies = [.. Replies],
        Calls = [.. Calls],
        Releases = [.. Releases],
        Budgets = [.. Budgets],
        Oracle = Oracle.Copy(),
    };

    public UInt128 Hash(StateText text)
    {
        text.Clear().Put(Moment, FloorMs);
        text.PutRecord(Record);
        foreach (var owner in Owners)
        {
            text.Put('o');
            text.Put(owner);
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
            CheckedStore.Put(text, reply);
        }

        foreach (var (phase, owner, part) in Calls)
            text.Put('c', phase, owner, part?.WindowStartMs ?? 0, (long)(part?.Top ?? 0));
        foreach (var (owner, call) in Releases) text.Put('r', owner, call);
        foreach (var budget in Budgets) text.Put(budget);
        Oracle.Put(text);
        return text.Hash();
    }
}
