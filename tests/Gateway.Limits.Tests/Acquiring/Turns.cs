namespace Gateway.Limits.Tests.Acquiring;

/// <summary>Lets waiting steps go on one at a time, in an order that a seed decides: calls interleaved.</summary>
internal sealed class Turns(int seed)
{
    private readonly List<TaskCompletionSource> _waiting = [];

    public Random Random { get; } = new(seed);

    /// <summary>Steps that never go on: their process was killed.</summary>
    public int Killed { get; private set; }

    /// <summary>Goes on when it is this step's turn; one in so many never does.</summary>
    public Task NextAsync(int killedOneIn = int.MaxValue)
    {
        var turn = new TaskCompletionSource();
        if (Random.Next(killedOneIn) == 0) Killed++;
        else _waiting.Add(turn);
        return turn.Task;
    }

    /// <summary>Runs until nothing waits any more.</summary>
    public void Run()
    {
        while (_waiting.Count > 0)
        {
            var next = Random.Next(_waiting.Count);
            var turn = _waiting[next];
            _waiting.RemoveAt(next);
            turn.SetResult();
        }
    }
}
