namespace Gateway.Orleans.Asking;

/// <summary>
/// Whether owners are on the move: one said lately that it goes away, or its silo's desk could not be reached. What is
/// asked of a silo that stops may be lost without a word, so meanwhile nobody waits long before asking anew.
/// </summary>
internal sealed class OwnersMoving(TimeProvider time)
{
    /// <summary>As long as a silo takes to stop.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>How long one message is waited for meanwhile.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private long _at;
    private bool _hasBeen;

    /// <summary>True for a while after <see cref="Hear"/>.</summary>
    public bool AreSo => Volatile.Read(ref _hasBeen) && time.GetElapsedTime(Volatile.Read(ref _at)) < Age;

    /// <summary>An owner said that it goes away, or could not be reached.</summary>
    public void Hear()
    {
        Volatile.Write(ref _at, time.GetTimestamp());
        Volatile.Write(ref _hasBeen, true);
    }

    /// <summary>Waits for the answer to a message, and less long while owners are on the move.</summary>
    /// <exception cref="TimeoutException">It was lost, or is late.</exception>
    public Task<T> WaitAsync<T>(Task<T> asked) => asked.IsCompleted ? asked : WaitPatientlyAsync(asked);

    private async Task<T> WaitPatientlyAsync<T>(Task<T> asked)
    {
        while (true)
        {
            try
            {
                return await asked.WaitAsync(Patience, time).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!asked.IsCompleted && !AreSo)
            {
                // Nobody moves: whoever was asked may be slow, and says so in the end.
            }
        }
    }
}
