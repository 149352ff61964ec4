using Gateway.Control.Documents;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The room for tasks of calls that need no approval, and for their results, of a grant and of one caller.
/// </summary>
internal sealed class TaskRoom(ApprovalRepository book) : IDisposable
{
    /// <summary>The maximum number of tasks of a grant below which a call becomes one.</summary>
    public const int PerGrantMax = 256;

    /// <summary>
    /// The maximum length of the stored results of a grant: 16 MiB. An open task counts as the longest.
    /// </summary>
    public const long BytesPerGrantMax = 16 * 1024 * 1024;

    /// <summary>The same for one caller of the grant: 8 MiB.</summary>
    public const long BytesPerCallerMax = 8 * 1024 * 1024;

    // Encryption and its text form lengthen a result by a third.
    private const long SealedBytesMax = ApprovalTasks.ResultBytesMax / 3 * 4;

    // A store that stalls must not hold up the responses of long calls.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(3);

    // One store at a time in this process, so that the bounds are exact within it. Each further frontend may store one
    // task at the same time.
    private readonly SemaphoreSlim _storing = new(1);

    /// <summary>
    /// Stores the task of a call if there is room for its result; returns null if there is none, or if others take too
    /// long.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="store">Stores the task; receives the documents of the store.</param>
    /// <param name="cancellation">Ends the wait for other tasks of this process.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<T?> TryStoreAsync<T>(
        CallContext call, Func<ControlSnapshot, ValueTask<T?>> store, CancellationToken cancellation)
        where T : class
    {
        if (!await _storing.WaitAsync(WaitMax, cancellation))
            return null;
        try
        {
            var documents = await book.ReadAsync(cancellation);
            return HasRoom(call, documents) ? await store(documents) : null;
        }
        finally
        {
            _storing.Release();
        }
    }

    public void Dispose() => _storing.Dispose();

    private static bool HasRoom(CallContext call, ControlSnapshot documents)
    {
        var (count, ofGrant, ofCaller) = (1, SealedBytesMax, SealedBytesMax);
        foreach (var approval in ApprovalRepository.WithTasks(documents).Select(static entry => entry.Approval)
            .Where(approval => approval.Grant == call.GrantName))
        {
            var bytes = approval.Task!.EndedMs is null ? SealedBytesMax : approval.Task.SealedResponse?.Length ?? 0;
            (count, ofGrant) = (count + 1, ofGrant + bytes);
            if (approval.GrantToken == call.Grant.CallerToken)
                ofCaller += bytes;
        }

        return count <= PerGrantMax && ofGrant <= BytesPerGrantMax && ofCaller <= BytesPerCallerMax;
    }
}
