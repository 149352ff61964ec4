using Gateway.Audit.Records;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.TaskRuns;
using Gateway.Proxy.Tests.Pipeline;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>
/// Clients that call and wait in tasks, poll and withdraw; operators who approve and deny; frontends that run approved
/// calls and stop at any step; sweepers, and time that goes on: by the stages and services that run in production.
/// </summary>
internal sealed class TaskHistory(SteppedStore store, Random random, StageBench[] gateways)
{
    internal const string Declared = """
        ,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}
        """;

    internal static readonly byte[] Input =
        [.. """{"result":{"resultType":"input_required","inputRequests":{"who":{}}}}"""u8];

    private readonly Dictionary<string, int> _sent = [];
    private readonly Dictionary<string, int> _rounds = [];
    private readonly HashSet<string> _asked = [];
    private readonly HashSet<string> _approved = [];
    private readonly HashSet<string> _denied = [];
    private readonly Dictionary<string, OwnTask> _tasks = [];
    private readonly HashSet<string> _long = [];
    private readonly HashSet<string> _waiting = [];
    private readonly HashSet<string> _sentInTurn = [];
    private int _mayWait;
    private bool _isOver;

    /// <summary>Calls that reached the server.</summary>
    public int Sent => _sent.Values.Sum();

    /// <summary>Calls that waited for room of a limit and reached the server.</summary>
    public int SentInTurn => _sentInTurn.Count;

    /// <summary>Rounds with requested input that reached the server.</summary>
    public int Rounds => _rounds.Values.Sum();

    /// <summary>The final states that clients saw, and how often.</summary>
    public Dictionary<string, int> Ends { get; } = [];

    /// <summary>What was promised and not held, in words.</summary>
    public List<string> Violations { get; } = [];

    public void Run() => store.Run(
    [
        .. Enumerable.Range(0, 3).Select<int, Func<Task>>(i => () => ClientAsync(gateways[i % gateways.Length])),
        () => PlainClientAsync(gateways[0]),
        .. gateways.Select<StageBench, Func<Task>>(gateway => () => LongCallsAsync(gateway)),
        () => WaitingClientAsync(gateways[0]),
        () => WaitingClientAsync(gateways[^1]),
        () => OperatorAsync(gateways[0]),
        () => OperatorAsync(gateways[^1]),
        .. gateways.Select<StageBench, Func<Task>>(gateway => () => FrontendAsync(gateway)),
        TimeAsync,
    ]);

    /// <summary>After the history: frontends run on until every task has ended.</summary>
    public void Settle()
    {
        _isOver = true;
        store.Run([SettleAsync]);
        foreach (var (id, count) in _sent.Concat(_rounds).Where(static one => one.Value > 1))
            Violations.Add($"{id} was sent {count} times");
        Violations.AddRange(_sent.Keys.Where(_long.Contains).Select(static id => $"{id} was sent again"));
        if (_sentInTurn.Count(id => !_waiting.Contains(id)) > _mayWait)
            Violations.Add("a call that was refused was sent in its turn");
        foreach (var id in _sent.Keys.Where(id => !_approved.Contains(id) && !_sentInTurn.Contains(id)))
            Violations.Add($"{id} was sent and nobody approved it");
        Violations.AddRange(_sent.Keys.Where(_denied.Contains).Select(static id => $"{id} was sent and was denied"));
        Violations.AddRange(new EndCheck(store, gateways).Missing(_tasks.Values));
    }

    private async Task ClientAsync(StageBench gateway)
    {
        for (var tries = 0; tries < 3; tries++)
        {
            await store.TurnAsync();
            using var call = gateway.ToolCall("refund", Declared, McpRevision.Stateless);
            if (await EndOfAsync(gateway, call) is not { TaskState: { } state })
                continue;
            var digest = JsonDocument.Parse(state).RootElement.GetProperty("taskId").GetString()!;
            var handle = gateway.Get<Proxy.Tasks.TaskHandles>().Open("bot", digest)!;
            var task = _tasks[handle.CallId] = new OwnTask(handle.CallId, handle.Id);
            for (var polls = 0; polls < 4; polls++)
            {
                await store.TurnAsync();
                var method = random.Next(12) == 0 ? "tasks/cancel" : random.Next(4) == 0 ? "tasks/update" : "tasks/get";
                await SendAsync(gateways[random.Next(gateways.Length)], method, task);
            }
        }
    }

    /// <summary>A client without the extension, whose identical calls use the same approvals.</summary>
    private async Task PlainClientAsync(StageBench gateway)
    {
        for (var tries = 0; tries < 4; tries++)
        {
            await store.TurnAsync();
            using var call = gateway.ToolCall("refund");
            await AdmitAsync(gateway, call, CountSent);
        }
    }

    /// <summary>
    /// Calls that become tasks because they take long, at a frontend that may stop then. They were sent, and the
    /// sweepers only end them.
    /// </summary>
    private async Task LongCallsAsync(StageBench gateway)
    {
        for (var calls = 0; calls < 2; calls++)
        {
            await store.TurnAsync();
            using var call = gateway.ToolCall("export", Declared, McpRevision.Stateless);
            if (await gateway.Get<LongCalls>().TryStoreAsync(call) is not { } claim)
                continue;
            var id = claim.Approval.Id;
            var task = _tasks[id] = new OwnTask(id, claim.Entry.Name);
            _long.Add(id);
            var isCanceled = false;
            for (var polls = random.Next(4); polls > 0; polls--)
            {
                await store.TurnAsync();
                var method = random.Next(4) == 0 ? "tasks/cancel" : "tasks/get";
                isCanceled |= await SendAsync(gateways[random.Next(gateways.Length)], method, task) == "cancelled";
                await claim.RenewAsync();
            }

            if (isCanceled && await claim.RenewAsync())
                Violations.Add($"{id} was canceled and goes on");
            if (!Stops())
                await gateway.Get<TaskEnds>().EndAsync(claim, TaskRun.Unanswered(claim.IsSent, "it was done"));
            if (!claim.IsSent)
                Violations.Add($"{id} does not count as sent");
        }
    }

    /// <summary>A client whose calls wait for room of a limit, and are canceled now and then.</summary>
    private async Task WaitingClientAsync(StageBench gateway)
    {
        for (var calls = 0; calls < 3; calls++)
        {
            await store.TurnAsync();
            using var call = gateway.ToolCall("mail", Declared, McpRevision.Stateless);
            var (_, refusal) = await TakeTurnAsync(gateway, call);
            _mayWait += refusal is { Outcome: RefusalCategory.Unavailable } ? 1 : 0;
            if (refusal?.TaskState is not { } state)
                continue;
            var id = JsonDocument.Parse(state).RootElement.GetProperty("taskId").GetString()!;
            var handle = gateway.Get<Proxy.Tasks.TaskHandles>().Open("bot", id)!;
            var task = _tasks[handle.CallId] = new OwnTask(handle.CallId, handle.Id);
            _waiting.Add(handle.CallId);
            for (var polls = random.Next(4); polls > 0; polls--)
            {
                await store.TurnAsync();
                await SendAsync(
                    gateways[random.Next(gateways.Length)], random.Next(6) == 0 ? "tasks/cancel" : "tasks/get", task);
            }
        }
    }

    /// <summary>Takes the limits of a call that may wait; otherwise returns its refusal.</summary>
    private static async Task<(AdmittedCall? Admitted, Refusal? Refusal)> TakeTurnAsync(
        StageBench gateway, CallContext call)
    {
        var queue = gateway.Get<CallQueue>();
        var approved = await gateway.RunAsync<PricedCall, ApprovedCall>(await gateway.PriceAsync(call));
        if (!approved.TryGetOutput(out var ready, out var end))
            return (null, end.Refusal);
        if (await queue.BeforeLimitsAsync(ready) is { } early)
            return (null, early.Refusal);
        var limited = await gateway.RunAsync<LimitAttempt, AdmittedCall>(new LimitAttempt(ready, null));
        if (limited.TryGetOutput(out var admitted, out end))
            return (admitted, null);
        return (null, end is { Lacking: { } lacking, Refusal: { } refusal }
            ? await queue.WaitAsync(call, lacking, refusal) : end.Refusal);
    }

    /// <summary>Makes a call whose turn has come, at a frontend that may stop at any step.</summary>
    private async Task RunTurnAsync(StageBench gateway, TaskClaim claim)
    {
        if (Stops())
            return;
        var untilMs = claim.Approval.Task!.Turn!.UntilMs;
        using var call = gateway.ToolCall("mail", "", McpRevision.Stateless, claim);
        var (admitted, _) = await TakeTurnAsync(gateway, call);
        if (call.Postponed is { } postponed)
            await claim.ReturnAsync(postponed.Turn);
        if (call.Postponed is not null || Stops())
            return;
        if (admitted is { SingleUse: { } used } && random.Next(6) == 0)
            await used.ReleaseAsync();
        else if (admitted is not null)
        {
            _sentInTurn.Add(claim.Approval.Id);
            _sent[claim.Approval.Id] = _sent.GetValueOrDefault(claim.Approval.Id) + 1;
            if (call.NowMs >= untilMs)
                Violations.Add($"{claim.Approval.Id} was sent after its wait");
        }

        if (!Stops())
            await gateway.Get<TaskEnds>().EndAsync(claim, TaskRun.Unanswered(claim.IsSent, "it was done"));
    }

    private async Task OperatorAsync(StageBench gateway)
    {
        var approvals = gateway.Get<ApprovalService>();
        for (var answers = 0; answers < 8; answers++)
        {
            await store.TurnAsync();
            try
            {
                foreach (var open in (await approvals.ListAsync(default)).Where(
                    static one => one.State == ApprovalState.Open))
                {
                    var isApproved = random.Next(4) != 0;
                    // Before the answer is known: it may hold though its writer is not told.
                    if (isApproved)
                        _approved.Add(open.Id);
                    var reply = await approvals.AnswerAsync(
                        open.Id, new Approver(new Actor("Ada"), null), new GivenAnswer(isApproved), default);
                    if (!isApproved && reply.Kind == ApprovalReplyKind.Answered)
                        _denied.Add(open.Id);
                }
            }
            catch (ControlStoreException)
            {
                // They look again.
            }
        }
    }

    private async Task FrontendAsync(StageBench gateway)
    {
        for (var rounds = 0; rounds < 14; rounds++)
        {
            await store.TurnAsync();
            await FrontendOnceAsync(gateway);
        }
    }

    /// <summary>One sweep of a frontend, which may stop for good at any step of a run.</summary>
    private async Task FrontendOnceAsync(StageBench gateway)
    {
        var ends = gateway.Get<TaskEnds>();
        try
        {
            var documents = await gateway.Get<ApprovalRepository>().ReadAsync(default);
            foreach (var entry in ApprovalRepository.WithTasks(documents))
            {
                if (TaskClaim.IsInterrupted(entry.Approval, ends.NowMs))
                    await ends.InterruptedAsync(entry);
                else if (TaskClaim.IsDue(entry.Approval, ends.NowMs) && await ends.TryClaimAsync(entry) is { } claim)
                    await RunAsync(gateway, claim);
            }

            foreach (var entry in ends.TurnsDue(documents, out _))
            {
                if (await ends.TryClaimAsync(entry) is { } claim)
                    await RunTurnAsync(gateway, claim);
            }

            if (_isOver || random.Next(3) == 0)
                await gateway.Get<ApprovalExpirer>().SweepAsync(default);
        }
        catch (ControlStoreException)
        {
            // The next round tries again.
        }
    }

    private async Task RunAsync(StageBench gateway, TaskClaim claim)
    {
        if (Stops())
            return;
        using var call = gateway.ToolCall("refund", "", McpRevision.Stateless, claim);
        try
        {
            if (await AdmitAsync(gateway, call, CountSent) is null && claim.IsSent)
                Violations.Add($"{claim.Approval.Id} counts as sent and was not");
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (random.Next(3) == 0)
            await claim.RenewAsync();
        if (Stops())
            return;
        var response = claim.IsSent && !_isOver && random.Next(4) != 0 && _asked.Add(claim.Approval.Id)
            ? Input : TaskRun.Unanswered(claim.MayHaveRun, "it was done");
        await gateway.Get<TaskEnds>().EndAsync(claim, response);
    }

    private bool Stops() => !_isOver && random.Next(5) == 0;

    private async Task<AdmittedCall?> AdmitAsync(StageBench gateway, CallContext call, Action<ISingleUse> sent)
    {
        if (!(await gateway.RunAsync<CallContext, DecidedCall>(call)).TryGetOutput(out var decided)
            || !(await gateway.RunAsync<DecidedCall, PricedCall>(decided)).TryGetOutput(out var priced))
            return null;
        for (var attempts = 0; attempts < 3
            && (await gateway.RunAsync<PricedCall, ApprovedCall>(priced)).TryGetOutput(out var approved); attempts++)
        {
            var limited = await gateway.RunAsync<LimitAttempt, AdmittedCall>(new LimitAttempt(approved, null));
            if (limited.TryGetOutput(out var admitted, out var end) && admitted.SingleUse is { } used)
            {
                // A frontend may stop here, or its server cannot be reached: nothing was written.
                if (call.Claim is not null && Stops())
                    throw new OperationCanceledException("The frontend has stopped.");
                if (random.Next(6) == 0)
                    await used.ReleaseAsync();
                else
                    sent(used);
                return admitted;
            }

            if (end?.ToApproval is not { } again)
                return null;
            priced = again;
        }

        return null;
    }

    private void CountSent(ISingleUse used)
    {
        var (sent, key) = used is TaskClaim { Approval.Task.Round: { } round }
            ? (_rounds, $"round {round} of {used.Used!.Id}") : (_sent, used.Used!.Id!);
        sent[key] = sent.GetValueOrDefault(key) + 1;
    }

    private static async Task<Refusal?> EndOfAsync(StageBench gateway, CallContext call)
    {
        var approved = await gateway.RunAsync<PricedCall, ApprovedCall>(await gateway.PriceAsync(call));
        approved.TryGetOutput(out _, out var end);
        return end?.Refusal;
    }

    /// <summary>Sends a message about a task; returns its status if it is a request for the state.</summary>
    private static async Task<string?> SendAsync(StageBench gateway, string method, OwnTask task)
    {
        // Whatever a client responds, "accept" is not a decision.
        using var call = gateway.Call(method, """
            "taskId":"x","inputResponses":{"approval":{"action":"accept"},"1.who":{}}
            """, McpRevision.Stateless);
        await gateway.Get<ApprovalTasks>().AnswerAsync(call, task);
        var answer = JsonDocument.Parse(StageBench.Answer(call)).RootElement;
        return answer.TryGetProperty("result", out var result) && result.TryGetProperty("status", out var status)
            ? status.GetString() : null;
    }

    private async Task SettleAsync()
    {
        // The last rounds record ends whose frontends did not learn of their writes.
        for (var rounds = 0; rounds < 16; rounds++)
        {
            Jump(TimeSpan.FromSeconds(20));
            foreach (var id in _asked.Where(_tasks.ContainsKey))
                await SendAsync(gateways[0], "tasks/update", _tasks[id]);
            foreach (var gateway in gateways)
                await FrontendOnceAsync(gateway);
        }

        foreach (var (id, task) in _tasks)
        {
            string? status = null;
            for (var tries = 0; status is null && tries < 20; tries++)
                status = await SendAsync(gateways[0], "tasks/get", task);
            if (status is not ("completed" or "cancelled"))
                Violations.Add($"{id} has not ended: {status}");
            else
                Ends[status] = Ends.GetValueOrDefault(status) + 1;
            if (status == "cancelled" && _sent.ContainsKey(id) && !_asked.Contains(id))
                Violations.Add($"{id} was withdrawn and sent");
        }
    }

    private async Task TimeAsync()
    {
        for (var steps = 0; steps < 16; steps++)
        {
            await store.TurnAsync();
            Jump(TimeSpan.FromSeconds(random.Next(4) == 0 ? 25 : 1));
        }
    }

    private void Jump(TimeSpan by)
    {
        foreach (var gateway in gateways)
            gateway.Time.Jump(by);
    }
}
