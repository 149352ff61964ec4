namespace Gateway.Limits.Tests.Checking;

/// <summary>One state of the world in which every call has two limits, one on each of two keys.</summary>
internal sealed class PairState
{
    /// <summary>The counters of both keys.</summary>
    public required ICounter[] Owners { get; init; }

    public Reservation[] Records { get; private init; } = new Reservation[2];

    public required PairCall[] Calls { get; init; }

    public List<(int Key, StoreRequest Request)> Requests { get; private init; } = [];

    public List<(int Key, StoreRequest Request, StoreReply Reply)> Replies { get; private init; } = [];

    /// <summary>Releases on their way.</summary>
    public List<(int Key, int Call)> Releases { get; private init; } = [];

    /// <summary>Numbers out or charged, by key.</summary>
    public List<NumberRange>[] Issued { get; private init; } = [[], []];

    public int CrashesLeft { get; set; }

    public int ExpiriesLeft { get; set; }

    public int RepeatsLeft { get; set; }

    public int Sent { get; set; }

    public bool IsQuiet => Requests.Count + Replies.Count + Releases.Count == 0
        && Array.TrueForAll(Calls, static call => call.Phase == PairPhase.Over);

    public PairState Copy() => new()
    {
        Owners = Array.ConvertAll(Owners, static owner => owner.Copy()),
        Records = [.. Records],
        Calls = Array.ConvertAll(Calls, static call => call.Copy()),
        Requests = [.. Requests],
        Replies = [.. Replies],
        Releases = [.. Releases],
        Issued = Array.ConvertAll(Issued, static list => list.ToList()),
        CrashesLeft = CrashesLeft,
        ExpiriesLeft = ExpiriesLeft,
        RepeatsLeft = RepeatsLeft,
        Sent = Sent,
    };

    public UInt128 Hash(StateText text)
    {
        text.Clear().Put(CrashesLeft, ExpiriesLeft, RepeatsLeft, Sent);
        for (var key = 0; key < 2; key++)
        {
            text.PutRecord(Records[key]);
            text.Put(Owners[key]);
            text.Put('i');
            foreach (var numbers in Issued[key].OrderBy(static one => one.Low)) text.Put((long)numbers.Low);
        }

        foreach (var (key, request) in Requests)
        {
            text.Put('q', key, Owners[key].Awaits(request) ? 1 : 0);
            text.PutRecord(request.Write ?? default);
            text.PutNonce(request.ExpectedNonce);
        }

        foreach (var (key, _, reply) in Replies)
        {
            text.Put('p', key);
            CheckedStore.Put(text, reply);
        }

        foreach (var call in Calls)
        {
            text.Put('c', (long)call.Phase);
            foreach (var top in call.Tops) text.Put(top);
        }

        foreach (var (key, call) in Releases) text.Put('r', key, call);
        return text.Hash();
    }
}
