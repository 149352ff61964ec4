using Gateway.Admin.Answers;
using Gateway.Admin.Approvals;
using Gateway.Admin.Connections;
using Gateway.Admin.Pausing;
using Gateway.Audit.Erasing;
using Gateway.Audit.Writing;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Delegation;
using Gateway.Proxy.Telemetry;

namespace Gateway.Admin.Persons;

/// <summary>The data of a person in the store, and the copies of records outside this gateway.</summary>
internal sealed class PersonData(
    ApprovalRepository book, ApprovalService approvals, ApprovalRecord record, ConnectionStore connections,
    RecordedSubjects subjects, AuditLogOptions options, ProcessClock clock)
{
    /// <summary>
    /// Returns the person that a request names; an issuer that is no longer configured keeps its name.
    /// </summary>
    /// <exception cref="Control.Documents.ControlStoreException">The store cannot be reached.</exception>
    public async Task<PersonQuery> QueryAsync(AdminCall call, PersonInput input)
    {
        var issuer = call.State.Config.Callers.Issuers.FirstOrDefault(
            one => one.Name == input.Issuer || one.Issuer == input.Issuer);
        // Records may contain either form, because an operator may have changed the option.
        var digest = await subjects.DigestAsync(issuer?.Issuer ?? input.Issuer, input.Subject, call.Aborted);
        return new PersonQuery(
            issuer is null ? [input.Issuer] : [issuer.Name, issuer.Issuer], [input.Subject, digest], input.Grant);
    }

    /// <summary>Returns the page with everything that the store holds about the person.</summary>
    /// <exception cref="Control.Documents.ControlStoreException">The store cannot be reached.</exception>
    public async Task<PersonPage> AddAsync(PersonPage page, AdminCall call, PersonQuery person)
    {
        var nowMs = clock.NowMs();
        var held = (await approvals.ListAsync(call.Aborted, withTasks: true)).Where(one => Is(person, one)).ToList();
        foreach (var approval in held)
            await record.ViewedAsync(approval, call.Actor, nowMs);
        return page with
        {
            Approvals = [.. held.Select(approval => ApprovalRoutes.View(approval, nowMs))],
            Connections = [.. (await ConnectionsAsync(call, person)).Select(one => ConnectionRoutes.View(call, one))],
            Pauses = [.. PausesOf(call, person, nowMs)],
            Copies = Copies(),
        };
    }

    /// <summary>
    /// Returns the view with what the store holds. Deletes requests for approval that have ended if
    /// <see cref="ErasureView.Erased"/> is true.
    /// </summary>
    /// <exception cref="Control.Documents.ControlStoreException">The store cannot be reached.</exception>
    public async Task<ErasureView> EraseAsync(ErasureView view, AdminCall call, PersonQuery person)
    {
        var nowMs = clock.NowMs();
        var (ended, open) = (0, 0);
        foreach (var entry in ApprovalRepository.All(await book.ReadAsync(call.Aborted)))
        {
            if (!Is(person, entry.Approval))
                continue;
            // A decision that still admits a call, an open request, or a task that has not ended, is not history yet.
            if (entry.Approval.StateAt(nowMs) is ApprovalState.Open or ApprovalState.Approved
                || entry.Approval.HasOpenTaskAt(nowMs))
                open++;
            else if (!view.Erased || await book.DeleteAsync(entry, call.Aborted))
                ended++;
            else
                open++;
        }

        return view with
        {
            Approvals = ended,
            OpenApprovals = open,
            Connections = (await ConnectionsAsync(call, person)).Count(),
            Pauses = PausesOf(call, person, nowMs).Count(),
            Copies = Copies(),
        };
    }

    private static bool Is(PersonQuery person, Approval approval) => approval.Caller is { } caller
        && (person.Is(caller.Issuer, caller.Subject)
            || (approval.CallerActor is { } actor && person.Is(caller.Issuer, actor)))
        && (person.Grant is null || approval.Grant == person.Grant);

    private static IEnumerable<SubjectView> PausesOf(AdminCall call, PersonQuery person, long nowMs) =>
        call.State.Pauses.Subjects
            .Where(one => one.Value.Subject is { } subject && person.Is(subject.Issuer, subject.Name))
            .Select(one => SubjectView.Of(one.Key, one.Value, call.State, nowMs));

    private async Task<IEnumerable<StoredConnection>> ConnectionsAsync(AdminCall call, PersonQuery person) =>
        (await connections.AllAsync(call.Aborted)).Where(one =>
            one.Connection is { Issuer: { } issuer, Subject: { } subject } && person.Is(issuer, subject)
            && (person.Grant is null || one.Connection.Grant == person.Grant));

    private List<CopyView> Copies()
    {
        var copies = options.Sinks.Select(static sink => new CopyView(
            "sink", $"{sink.Name} ({sink.Kind.ToString().ToLowerInvariant()})",
            "erase the records there that have the person's callerIssuer and caller")).ToList();
        if (GatewayTelemetryNames.IsExported)
        {
            copies.Add(new CopyView(
                "traces", "OpenTelemetry", "spans contain call ids, grants and tools: let them expire by retention"));
        }

        copies.Add(new CopyView(
            "backups", "copies of the data directory and of the store",
            "let them expire by retention; after a restore, repeat the erasure"));
        return copies;
    }
}
