namespace Gateway.Server.Tests.Features.CSharp;

/// <summary>What a client saw, in order; notifications apart, as they come when they come.</summary>
internal sealed class SeenLines
{
    private readonly Lock _gate = new();
    private readonly List<string> _said = [];
    private readonly List<string> _lines = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];

    public void Say(string line)
    {
        lock (_gate)
            _said.Add(line);
    }

    /// <summary>Keeps a notification until <see cref="SayAllAsync"/> asks for it.</summary>
    public void Add(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            foreach (var (count, reached) in _waiting)
            {
                if (_lines.Count >= count)
                    reached.TrySetResult();
            }
        }
    }

    /// <summary>Says the notifications, once there are that many.</summary>
    public async Task SayAllAsync(int count, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((count, reached));
            if (_lines.Count >= count)
                reached.TrySetResult();
        }

        await reached.Task.WaitAsync(cancellationToken);
        lock (_gate)
            _said.AddRange(_lines);
    }

    public IReadOnlyList<string> ToList()
    {
        lock (_gate)
            return [.. _said];
    }
}
