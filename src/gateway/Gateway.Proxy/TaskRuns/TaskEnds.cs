using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.TaskRuns;

/// <summary>The claims of runs, their waits for room of a limit, and the ends of tasks with their records.</summary>
internal sealed class TaskEnds(
    ApprovalRepository book, StoredCalls calls, CallQueue queue, ApprovalRecord record, ProcessClock clock,
    TimeProvider time)
{
    /// <summary>The longest time in milliseconds to a window's end for which a run keeps its claim.</summary>
    private const long KeepsWithinMs = 2000;

    /// <summary>The current time in Unix milliseconds.</summary>
    public long NowMs => clock.NowMs();

    /// <summary>Claims a task; returns null if another change came first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask<TaskClaim?> TryClaimAsync(ApprovalEntry entry) => TaskClaim.TryTakeAsync(book, clock, entry);

    /// <summary>Returns the calls whose turn has come.</summary>
    /// <param name="documents">The documents of the store.</param>
    /// <param name="nextMs">The next time at which another call is due, if nothing changes until then.</param>
    public List<ApprovalEntry> TurnsDue(ControlSnapshot documents, out long nextMs)
    {
        var turns = CallTurn.Of(documents);
        queue.Show(turns);
        return CallTurn.Due(turns, NowMs, out nextMs);
    }

    /// <summary>
    /// Waits until a call may be tried again, if that may be soon, and keeps the claim; otherwise returns the call to
    /// its queue, and false.
    /// </summary>
    /// <param name="claim">The claim on the task.</param>
    /// <param name="call">The further wait of the call.</param>
    /// <param name="leaving">Canceled when the process begins to stop.</param>
    public async Task<bool> WaitOnAsync(TaskClaim claim, PostponedCall call, CancellationToken leaving)
    {
        if (call.Turn.ResetMs is null || call.Turn.NextMs - NowMs <= KeepsWithinMs)
        {
            while (!leaving.IsCancellationRequested && !claim.IsLost)
            {
                if (NowMs >= call.Turn.UntilMs || await queue.HasRoomAsync(call, time, leaving))
                    return true;
            }
        }

        await claim.ReturnAsync(call.Turn);
        return false;
    }

    /// <summary>
    /// Ends the task of a run with its response, or leaves it to its client if the server requests input. Does nothing
    /// if another change came first.
    /// </summary>
    public async ValueTask EndAsync(TaskClaim claim, ReadOnlyMemory<byte> response)
    {
        var id = claim.Approval.Id;
        var isInput = claim.MayRequireInput && TaskInputs.IsRequestedBy(response);
        if (await claim.EndAsync(() => calls.SealAsync(response, id), isInput, time) && !isInput)
            await EndRecords.RecordAsync(book, record, claim.Entry, clock.NowMs());
    }

    /// <summary>
    /// Ends the task of a run that stopped after its call may have been sent. The call is never sent again, and counts.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask InterruptedAsync(ApprovalEntry entry)
    {
        var response = TaskRun.Unanswered(isSent: true, entry.Approval.Task!.SealedInput is null
            ? TaskRun.Stopped : "the client did not give the requested input in time");
        var sealedResponse = await calls.SealAsync(response, entry.Approval.Id);
        if (TaskClaim.Interrupted(entry.Approval, sealedResponse, clock.NowMs()) is { } ended
            && await book.WriteAsync(entry.Name, entry.Version, ended, CancellationToken.None) is { } written)
            await EndRecords.RecordAsync(book, record, written, clock.NowMs());
    }
}
