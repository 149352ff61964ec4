namespace Gateway.Limits.Counting;

/// <summary>
/// What one owner knows of its record and has asked about it: at most one request at a time, each with a token of its
/// own, so that a reply to anything else is recognised and dropped.
/// </summary>
internal struct StoreDialogue
{
    private const int UnknownMax = 3;

    private uint _token;
    private uint _readArrivals;
    private int _unknown;

    /// <summary>The record as last seen.</summary>
    public SeenRecord Seen { get; set; }

    /// <summary>The write on its way, or whose outcome is being read.</summary>
    public Attempt? Attempt { get; set; }

    /// <summary>The read on its way; 0 if there is none.</summary>
    public uint ReadToken { get; private set; }

    /// <summary>
    /// True if the last writes, one after the other, all had an unknown outcome and were not applied.
    /// </summary>
    public readonly bool IsFailing => _unknown >= UnknownMax;

    /// <summary>Writes, one after the other, that came to nothing that is known.</summary>
    public readonly int Unknown => _unknown;

    /// <summary>Calls that had arrived when the read on its way began.</summary>
    public readonly uint ReadArrivals => _readArrivals;

    /// <summary>True while anything is on its way.</summary>
    public readonly bool IsBusy => Attempt is not null || ReadToken != 0;

    /// <summary>The next request reads.</summary>
    public StoreRequest Read(uint arrivals)
    {
        (ReadToken, _readArrivals) = (NextToken(), arrivals);
        return new StoreRequest(ReadToken, null, 0);
    }

    /// <summary>The next request replaces the record as last seen.</summary>
    public StoreRequest Write(Reservation record, Interval gain, Interval fallback, uint arrivals)
    {
        var expected = Seen.Record.Nonce;
        Attempt = new Attempt(NextToken(), record, gain, fallback, arrivals);
        return new StoreRequest(_token, record, expected);
    }

    /// <summary>
    /// The read is answered, and with it the fate of an attempt of unknown outcome; false for a stale reply.
    /// </summary>
    public bool TryEndRead(uint token, out Attempt? settled)
    {
        settled = null;
        if (token == 0 || token != ReadToken) return false;
        ReadToken = 0;
        (settled, Attempt) = (Attempt, null);
        return true;
    }

    /// <summary>What the read showed.</summary>
    public void See(Reservation record) => Seen = new SeenRecord(true, record, _readArrivals);

    /// <summary>What the own write made.</summary>
    public void See(Attempt written)
    {
        Seen = new SeenRecord(true, written.Record, written.Arrivals);
        _unknown = 0;
    }

    /// <summary>What stood in the way of the own write, looked at after that was sent.</summary>
    public void See(Attempt refused, Reservation instead) =>
        Seen = new SeenRecord(true, instead, refused.Arrivals);

    /// <summary>Another write has come to nothing that is known.</summary>
    public void CountUnknown() => _unknown++;

    /// <summary>The next write is the first again.</summary>
    public void ForgetUnknown() => _unknown = 0;

    /// <summary>The last look may no longer hold.</summary>
    public void Doubt() => Seen = Seen with { IsCurrent = false };

    private uint NextToken() => unchecked(++_token) == 0 ? ++_token : _token;
}
