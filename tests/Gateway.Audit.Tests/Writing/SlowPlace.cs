using Gateway.Audit.Sinks;

namespace Gateway.Audit.Tests.Writing;

/// <summary>A further place for records, which may keep its thread at one line and refuse another.</summary>
internal sealed class SlowPlace : IAuditSink, IDisposable
{
    private readonly ConcurrentDictionary<string, int> _threads = [];
    private readonly ManualResetEventSlim _held = new();
    private readonly ManualResetEventSlim _released = new(true);
    private string? _heldLine;

    /// <summary>The line that it fails at.</summary>
    public string? RefusedLine { get; set; }

    public void Hold(string line)
    {
        _heldLine = line;
        _released.Reset();
    }

    public void WaitUntilHeld() => Assert.True(_held.Wait(Soon.AtMost));

    public void Release() => _released.Set();

    public int ThreadOf(string line) => _threads[line];

    public bool HasRoom(int bytes) => true;

    public bool Append(ReadOnlySpan<byte> lines, long first)
    {
        foreach (var line in Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _threads[line] = Environment.CurrentManagedThreadId;
            if (line == RefusedLine)
                throw new IOException("no room");
            if (line != _heldLine)
                continue;
            _held.Set();
            Assert.True(_released.Wait(Soon.AtMost));
        }

        return false;
    }

    public void Probe(int bytes)
    {
    }

    public void Dispose()
    {
        _held.Dispose();
        _released.Dispose();
    }
}
