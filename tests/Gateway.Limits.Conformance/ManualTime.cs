namespace Gateway.Limits.Conformance;

/// <summary>
/// A clock that moves only when told; wall and monotonic time can part. The frequency is odd on purpose.
/// </summary>
public sealed class ManualTime : TimeProvider
{
    private const long TicksPerMs = 7;
    private double _wallMs;
    private double _monotonicMs = 1000;

    public ManualTime(string utc) => _wallMs = DateTimeOffset.Parse(utc).ToUnixTimeMilliseconds();

    public long NowMs => (long)_wallMs;

    public override long TimestampFrequency => TicksPerMs * 1000;

    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(_wallMs * TimeSpan.TicksPerMillisecond));

    public override long GetTimestamp() => (long)(_monotonicMs * TicksPerMs);

    public void Advance(double ms)
    {
        _wallMs += ms;
        _monotonicMs += ms;
    }

    public void StepWall(double ms) => _wallMs += ms;
}
