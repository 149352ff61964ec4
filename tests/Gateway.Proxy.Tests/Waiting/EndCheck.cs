using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Tests.Pipeline;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>
/// A check that the audit logs of all gateways have the end of each request and task as the final documents show it.
/// </summary>
internal sealed class EndCheck(SteppedStore store, StageBench[] gateways)
{
    private static readonly string[] Ends =
        ["finished", "unsent", "interrupted", "withdrawn", "denied", "expired", "unused"];

    /// <summary>Returns each end that is missing, or that the document does not have.</summary>
    /// <param name="tasks">The tasks of clients, which are checked even if another request has replaced them.</param>
    public List<string> Missing(IEnumerable<OwnTask> tasks)
    {
        var recorded = Recorded();
        var final = ApprovalRepository.All(store.Now()).Select(static entry => entry.Approval)
            .ToLookup(static approval => approval.Id);
        var violations = new List<string>();
        foreach (var approval in final.SelectMany(static same => same))
        {
            var expected = ExpectedOf(approval);
            if (expected.Length > 0 && !expected.Any(recorded[approval.Id].Contains))
                violations.Add($"the end of {approval.Id} is not on record: {string.Join(" or ", expected)}");
            if (approval.UnrecordedEnd is { } mark)
                violations.Add($"the end of {approval.Id} is still marked: {mark}");
        }

        foreach (var (id, ends) in recorded.Select(static one => (one.Key, one.Distinct().ToArray())))
        {
            // A call that was not sent leaves its approval, which may expire unused.
            if (ends.Except(["unused"]).Count() > 1 || (ends.Contains("withdrawn") && ends.Length > 1))
                violations.Add($"{id} has several ends on record: {string.Join(", ", ends)}");
        }

        violations.AddRange(tasks.Select(static task => task.ApprovalId)
            .Where(id => !final.Contains(id) && !recorded.Contains(id))
            .Select(static id => $"{id} is gone, and no end is on record"));
        return violations;
    }

    private static string[] ExpectedOf(Approval approval) => approval switch
    {
        { Task.WithdrawnMs: not null } => ["withdrawn"],
        { Task: { EndedMs: not null, SentMs: null, Round: null } } => ["unsent"],
        { Task.EndedMs: not null } => ["finished", "interrupted"],
        { State: ApprovalState.Denied } => ["denied"],
        { State: ApprovalState.Open } => ["expired"],
        { State: ApprovalState.Approved } => ["unused"],
        // The record of the call that used it names the approval.
        _ => [],
    };

    private ILookup<string, string> Recorded()
    {
        foreach (var gateway in gateways)
            gateway.Get<AuditLog>().Dispose();
        return gateways.SelectMany(static gateway => gateway.RecordsNow())
            .Where(static record => record.GetProperty("kind").GetString() == "approval")
            .Select(static record => (
                Id: record.GetProperty("approvalId").GetString()!, Became: record.GetProperty("became").GetString()!))
            .Where(static record => Ends.Contains(record.Became))
            .ToLookup(static record => record.Id, static record => record.Became);
    }
}
