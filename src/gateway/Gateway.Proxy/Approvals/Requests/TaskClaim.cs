using Gateway.Control.Documents;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// One run's claim on an approved task, and the use of its approval. Every step is a compare-and-swap on the document
/// that the previous step wrote, so a run that was taken over, or whose request was withdrawn or has expired, takes no
/// further step.
/// </summary>
internal sealed class TaskClaim : ISingleUse, IDisposable
{
    /// <summary>The time for which a claim is valid without a renewal.</summary>
    public const long ValidForMs = 30_000;

    /// <summary>The time for which a client may respond to a request for input.</summary>
    public static readonly TimeSpan InputValidFor = TimeSpan.FromHours(1);

    private const int EndAttemptsMax = 40;
    private static readonly TimeSpan EndAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly ApprovalRepository _book;
    private readonly ProcessClock _clock;
    private readonly string _owner;
    private readonly SemaphoreSlim _step = new(1);
    private ApprovalEntry _entry;
    private ApprovalEntry? _found;
    private bool _isUncertain;

    private TaskClaim(ApprovalRepository book, ProcessClock clock, string owner, ApprovalEntry entry) =>
        (_book, _clock, _owner, _entry) = (book, clock, owner, entry);

    /// <summary>The request as last written by this run.</summary>
    public Approval Approval => _entry.Approval;

    /// <summary>The entry as last written by this run.</summary>
    public ApprovalEntry Entry => _entry;

    /// <summary>True once another change has come first: the run must not send the call.</summary>
    public bool IsLost { get; private set; }

    /// <summary>True while the call counts as sent.</summary>
    public bool IsSent { get; private set; }

    /// <summary>True if the call counts: it was sent, now or in an earlier round.</summary>
    public bool MayHaveRun => IsSent || Approval.Task?.Round is not null;

    /// <summary>True if the client may respond to a request for input: the call was sent, and is stored.</summary>
    public bool MayRequireInput => IsSent && Approval.Task?.SealedCall is not null;

    /// <inheritdoc/>
    public UsedApproval? Used =>
        Approval.Task?.IsOnlyTask == true ? null : new(Approval.Id, null, Approval.AnsweredBy);

    /// <summary>Returns true if a run may claim the task now.</summary>
    public static bool IsDue(Approval approval, long nowMs) =>
        approval.Task is { EndedMs: null, SealedCall: not null } task
        && (approval.StateAt(nowMs) == ApprovalState.Approved || IsRound(approval)) && task.IsFreeAt(nowMs);

    /// <summary>Claims a task; returns null if another change came first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; the claim expires by itself.</exception>
    public static async ValueTask<TaskClaim?> TryTakeAsync(
        ApprovalRepository book, ProcessClock clock, ApprovalEntry entry)
    {
        var owner = CallId.New().ToString();
        var claimed = entry.Approval with
        {
            Task = entry.Approval.Task! with { Owner = owner, OwnedUntilMs = clock.NowMs() + ValidForMs },
        };
        return await book.WriteAsync(entry.Name, entry.Version, claimed, CancellationToken.None) is { } written
            ? new TaskClaim(book, clock, owner, written) : null;
    }

    /// <summary>
    /// Stores the task of a call that may have been sent already, with a claim on it; returns null if that failed.
    /// </summary>
    public static async ValueTask<TaskClaim?> TryCreateAsync(
        ApprovalRepository book, ProcessClock clock, Approval approval)
    {
        var owner = CallId.New().ToString();
        var claim = new TaskClaim(book, clock, owner, new ApprovalEntry(
            approval.Id, 0, approval with { Task = approval.Task! with { Owner = owner } }))
        {
            IsSent = true,
        };
        // The second attempt finds a write whose response was lost.
        if (await claim.RenewAsync() || await claim.RenewAsync())
            return claim;
        claim.Dispose();
        return null;
    }

    /// <summary>Keeps the claim valid during a long run.</summary>
    public ValueTask<bool> RenewAsync() => TryStepAsync(static (approval, _) => approval);

    /// <summary>
    /// Uses the approval up for this run. On success the call counts as sent: it is never sent again, whatever happens
    /// to this process.
    /// </summary>
    public async ValueTask<bool> TryUseAsync(string callId) => IsSent = await TryStepAsync((approval, nowMs) =>
        // Used already: an earlier write of this run reached the store, and its response was lost.
        approval.Task is { SentMs: null, Turn: null, Round: null }
            && approval.StateAt(nowMs) != ApprovalState.Approved ? null : approval with
            {
                State = ApprovalState.Used,
                UsedMs = nowMs,
                CallId = callId,
                Task = approval.Task! with { SentMs = nowMs },
            });

    /// <summary>Returns a call to its queue, for any run; nothing of it was sent.</summary>
    public async ValueTask ReturnAsync(CallTurn turn)
    {
        await TryStepAsync((approval, _) => approval with
        {
            Task = approval.Task! with { Turn = turn, Owner = null, OwnedUntilMs = null },
        });
        IsLost = true;
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync()
    {
        // If this fails, the end of the run still records that nothing was sent.
        IsSent = false;
        await TryStepAsync(static (approval, _) => Unsent(approval));
    }

    /// <summary>
    /// Ends the task, or leaves it to its client, if no other change came first. Without the store, it tries again for
    /// a while; then the claim expires, and another run ends the task.
    /// </summary>
    /// <param name="seal">Returns the JSON-RPC response, encrypted.</param>
    /// <param name="isInput">True if the response requests input from the client, and is not the result.</param>
    /// <param name="time">The clock of the waits.</param>
    public async ValueTask<bool> EndAsync(Func<ValueTask<string>> seal, bool isInput, TimeProvider time)
    {
        string? sealedResponse = null;
        var became = MayHaveRun ? "finished" : "unsent";
        for (var attempt = 1; attempt <= EndAttemptsMax && !IsLost; attempt++)
        {
            sealedResponse ??= await TrySealAsync(seal);
            if (sealedResponse is not null && await TryStepAsync((approval, nowMs) =>
                isInput ? WithInput(approval, sealedResponse, nowMs)
                    : Ended(IsSent ? approval : Unsent(approval), sealedResponse, became, nowMs)))
                return true;
            // The response of the store to the write may have been lost.
            if (IsLost)
            {
                var task = _found?.Approval.Task;
                if (sealedResponse is null || sealedResponse != (isInput ? task?.SealedInput : task?.SealedResponse))
                    return false;
                _entry = _found!;
                return true;
            }

            await Task.Delay(EndAgainAfter, time, CancellationToken.None);
        }

        return false;
    }

    /// <summary>
    /// Returns the task whose run stopped after the call may have been sent, with this response; null if the run may
    /// still end it.
    /// </summary>
    public static Approval? Interrupted(Approval approval, string sealedResponse, long nowMs) =>
        IsInterrupted(approval, nowMs) ? Ended(approval, sealedResponse, "interrupted", nowMs) : null;

    /// <summary>Returns true if a run stopped after the call may have been sent.</summary>
    public static bool IsInterrupted(Approval approval, long nowMs) =>
        approval is { State: ApprovalState.Used, Task: { EndedMs: null, SentMs: not null } task }
        && (task.InputUntilMs is { } until ? nowMs >= until : task.IsFreeAt(nowMs));

    public void Dispose() => _step.Dispose();

    // The client has responded to the server's requests for input, and the next round has not been sent.
    private static bool IsRound(Approval approval) => approval is
    {
        State: ApprovalState.Used, Task: { Round: not null, SentMs: null, WithdrawnMs: null },
    };

    private static Approval WithInput(Approval approval, string sealedInput, long nowMs) => approval with
    {
        Task = approval.Task! with
        {
            SealedInput = sealedInput,
            InputUntilMs = nowMs + (long)InputValidFor.TotalMilliseconds,
            Owner = null,
            OwnedUntilMs = null,
        },
    };

    private static Approval Ended(Approval approval, string sealedResponse, string became, long nowMs)
    {
        var ended = approval with
        {
            Arguments = null,
            SealedArguments = approval.State == ApprovalState.Used ? null : approval.SealedArguments,
            Task = approval.Task! with
            {
                EndedMs = nowMs,
                SealedCall = null,
                Owner = null,
                OwnedUntilMs = null,
                SealedResponse = sealedResponse,
                SealedInput = null,
                InputUntilMs = null,
            },
        };
        return EndRecords.Unrecorded(ended, became, nowMs);
    }

    /// <summary>Returns the request before the use of its approval: the identical call may proceed once.</summary>
    private static Approval Unsent(Approval approval) => approval.Task?.SentMs is null ? approval : approval with
    {
        State = approval.Task is { Turn: null, Round: null } ? ApprovalState.Approved : ApprovalState.Used,
        UsedMs = null,
        CallId = null,
        Task = approval.Task with { SentMs = null },
    };

    private static async ValueTask<string?> TrySealAsync(Func<ValueTask<string>> seal)
    {
        try
        {
            return await seal();
        }
        catch (ControlStoreException)
        {
            return null;
        }
    }

    /// <summary>Writes the next step; returns false if it was not written, or may not have been.</summary>
    private async ValueTask<bool> TryStepAsync(Func<Approval, long, Approval?> next)
    {
        await _step.WaitAsync();
        try
        {
            if (_isUncertain && !await ReadAsync())
                return false;
            var nowMs = _clock.NowMs();
            if (IsLost || next(_entry.Approval, nowMs) is not { } changed)
            {
                IsLost = true;
                return false;
            }

            if (changed.Task is { EndedMs: null, Owner: not null })
                changed = changed with { Task = changed.Task with { OwnedUntilMs = nowMs + ValidForMs } };
            _isUncertain = true;
            var written = await _book.WriteAsync(_entry.Name, _entry.Version, changed, CancellationToken.None);
            _isUncertain = false;
            IsLost = written is null;
            _entry = written ?? _entry;
            return written is not null;
        }
        catch (ControlStoreException)
        {
            return false;
        }
        finally
        {
            _step.Release();
        }
    }

    /// <summary>Reads what the last write has left behind; returns false if the claim has been lost.</summary>
    private async ValueTask<bool> ReadAsync()
    {
        _found = ApprovalRepository.Find(await _book.ReadAsync(CancellationToken.None), _entry.Name);
        IsLost = _found?.Approval.Task?.Owner != _owner;
        if (IsLost)
            return false;
        (_entry, _isUncertain) = (_found!, false);
        return true;
    }
}
