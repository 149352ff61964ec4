using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.TaskRuns;

/// <summary>The claims of runs, and the ends of tasks with their records.</summary>
internal sealed class TaskEnds(
    ApprovalRepository book, StoredCalls calls, ApprovalRecord record, ProcessClock clock, TimeProvider time)
{
    /// <summary>The current time in Unix milliseconds.</summary>
    public long NowMs => clock.NowMs();

    /// <summary>Claims a task; returns null if another change came first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask<TaskClaim?> TryClaimAsync(ApprovalEntry entry) => TaskClaim.TryTakeAsync(book, clock, entry);

    /// <summary>Ends the task of a run with its response, unless another change came first.</summary>
    public async ValueTask EndAsync(TaskClaim claim, ReadOnlyMemory<byte> response)
    {
        var (id, isSent) = (claim.Approval.Id, claim.IsSent);
        if (await claim.EndAsync(() => calls.SealAsync(response, id), time))
            await record.TaskEndedAsync(claim.Approval, isSent ? "finished" : "unsent", clock.NowMs());
    }

    /// <summary>
    /// Ends the task of a run that stopped after its call may have been sent. The call is never sent again, and counts.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask InterruptedAsync(ApprovalEntry entry)
    {
        var response = TaskRun.Unanswered(isSent: true, "the frontend that made the call has stopped");
        var sealedResponse = await calls.SealAsync(response, entry.Approval.Id);
        if (TaskClaim.Interrupted(entry.Approval, sealedResponse, clock.NowMs()) is { } ended
            && await book.WriteAsync(entry.Name, entry.Version, ended, CancellationToken.None) is not null)
            await record.TaskEndedAsync(ended, "interrupted", clock.NowMs());
    }
}
