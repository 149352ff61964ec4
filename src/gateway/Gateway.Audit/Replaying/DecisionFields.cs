using Gateway.Audit.Records;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>The members of a decision record while its line is parsed.</summary>
internal struct DecisionFields
{
    public long TimeMs;
    public string? CallId;
    public string? Grant;
    public string? Caller;
    public string? CallerIssuer;
    public string? CallerClient;
    public string? CallerActor;
    public string? Server;
    public string? Method;
    public string? Name;
    public bool IsNameCut;
    public string? Subject;
    public string? Session;
    public bool HasSession;
    public string? Policy;
    public string? PolicySha256;
    public string? Outcome;
    public string? Rule;
    public string? Cause;
    public RecordedCounter[]? Counters;
    public RecordedLimit? Limit;
    public string? ApprovalId;
    public bool IsRetry;
    public CandidateDecision? Candidate;
    public List<string>? Names;
    public bool HasMoreNames;

    public readonly RecordedCall ToCall() => new()
    {
        TimeMs = TimeMs,
        CallId = CallId ?? "",
        Grant = Grant ?? "",
        Caller = CallerOf(),
        Server = Server ?? "",
        Method = Method ?? "",
        Name = Name,
        IsNameCut = IsNameCut,
        Subject = SubjectOf(Method ?? ""),
        Session = Session,
        HasSession = HasSession,
        Policy = Policy,
        PolicySha256 = PolicySha256,
        Outcome = Outcome ?? "",
        Rule = Rule ?? "",
        Cause = Cause,
        Counters = Counters ?? [],
        Limit = Limit,
        ApprovalId = ApprovalId,
        IsRetry = IsRetry,
        Candidate = Candidate,
        ArgumentNames = Names,
        HasMoreNames = HasMoreNames,
    };

    /// <summary>
    /// Returns the caller without its claims, which no record contains; null if its subject was cut.
    /// </summary>
    private readonly Caller? CallerOf() =>
        Caller is { Length: <= RecordBounds.TextLengthMax } subject && CallerIssuer is { } issuer
            ? new Caller { Issuer = issuer, Subject = subject, Client = CallerClient, Actor = CallerActor }
            : null;

    /// <summary>Returns null if the record does not contain everything that a policy evaluates.</summary>
    private readonly PolicySubject? SubjectOf(string method) => McpMethodTable.PolicingOf(method) switch
    {
        McpPolicing.Tool => PolicySubject.Tool,
        McpPolicing.Prompt => PolicySubject.Prompt,
        McpPolicing.Resource => PolicySubject.Resource,
        McpPolicing.List => PolicySubject.List,
        McpPolicing.Opening => PolicySubject.Opening,
        McpPolicing.Protocol => PolicySubject.Allowed,
        // The tool of a task is not recorded.
        McpPolicing.Task => null,
        McpPolicing.NotServed => PolicySubject.NotServed,
        McpPolicing.Completion => Subject switch
        {
            "prompt" => PolicySubject.Prompt,
            "resource" => PolicySubject.Template,
            _ => null,
        },
        // The resources of a subscription are not recorded.
        McpPolicing.Listen => null,
        McpPolicing.Unknown => PolicySubject.Other,
        _ => throw new NotSupportedException($"The method {method} has no case here."),
    };
}
