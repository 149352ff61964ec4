namespace Gateway.TestHarness.Gateways;

/// <summary>A clock that stands until it is told to go; its timestamps count in an odd unit on purpose.</summary>
public sealed class SteppingTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private long _timestamp;

    public override long TimestampFrequency => 3_579_545;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => Volatile.Read(ref _timestamp);

    public void Advance(TimeSpan by)
    {
        _now += by;
        Volatile.Write(ref _timestamp, _timestamp + (long)(by.TotalSeconds * TimestampFrequency));
    }
}
