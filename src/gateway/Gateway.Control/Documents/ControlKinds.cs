using System.Buffers;

namespace Gateway.Control.Documents;

/// <summary>The kinds of control documents.</summary>
public static class ControlKinds
{
    /// <summary>Registered MCP servers.</summary>
    public const string Servers = "servers";

    /// <summary>The present and former names of renamed servers; the name is the server's first one.</summary>
    public const string ServerNames = "server-names";

    /// <summary>Policy documents, byte for byte as they were set.</summary>
    public const string Policies = "policies";

    /// <summary>Lists to which policies refer by name.</summary>
    public const string Lists = "lists";

    /// <summary>Limits that policies, services and domains share by name.</summary>
    public const string Budgets = "budgets";

    /// <summary>Grants, with the hash of their token.</summary>
    public const string Grants = "grants";

    /// <summary>The number of resets of a counter; the name is the counter's identity.</summary>
    public const string Generations = "generations";

    /// <summary>The hash of the administrator's key.</summary>
    public const string Admin = "admin";

    /// <summary>Keys of ASP.NET Core Data Protection, which encrypt the servers' credentials.</summary>
    public const string ProtectionKeys = "protection-keys";

    /// <summary>Requests for a person's approval; the name is the digest of the call.</summary>
    public const string Approvals = "approvals";

    /// <summary>Standing approvals: permissions for several calls of one kind; the name is the approval's id.</summary>
    public const string StandingApprovals = "standing-approvals";

    /// <summary>Calls for which a server needs more input; the name is the digest of the call.</summary>
    public const string RetryTokens = "tickets";

    /// <summary>
    /// The first-seen time of a grant in the configuration file that ends after a length; the name is the grant's.
    /// </summary>
    public const string FirstSeen = "first-seen";

    /// <summary>
    /// Pauses by an operator: <c>gateway</c>, <c>servers/NAME</c>, <c>grants/NAME</c>, <c>subjects/DIGEST</c> or
    /// <c>tools/DIGEST</c>. The existence of the document is the pause, which for a subject may begin later; its
    /// content is only shown.
    /// </summary>
    public const string Pauses = "pauses";

    /// <summary>The times of the last use of grants: one document, <c>grants</c>, for all of them.</summary>
    public const string LastUsed = "last-used";

    /// <summary>
    /// Expiries that were reached: one document, <c>grants</c>, for all grants, and one, <c>operator-keys</c>, for all
    /// keys of operators.
    /// </summary>
    public const string Ended = "ended";

    /// <summary>The key under which argument values become parts of counter names: one document.</summary>
    public const string ValueKeys = "value-keys";

    /// <summary>
    /// Sealed keys, for the digests that records contain instead of values and for tokens; the name states their
    /// purpose.
    /// </summary>
    public const string DigestKeys = "digest-keys";

    /// <summary>Accounts of operators, by name.</summary>
    public const string Operators = "operators";

    /// <summary>Open invitations for operators; the name is that of the account to be created.</summary>
    public const string Invitations = "invitations";

    /// <summary>API keys of operators, hashed; the name is <c>OPERATOR/KEY</c>.</summary>
    public const string OperatorKeys = "operator-keys";

    /// <summary>The subjects that operators are as callers, by the operator's name.</summary>
    public const string OperatorSubjects = "operator-subjects";

    /// <summary>
    /// Absences of operators, with the colleague who decides on approvals, by the operator's name.
    /// </summary>
    public const string Absences = "absences";

    /// <summary>Passkeys of operators, by the operator's name.</summary>
    public const string Passkeys = "passkeys";

    /// <summary>Wrong passwords, by slot: names and addresses share a fixed number of slots.</summary>
    public const string Guesses = "guesses";

    /// <summary>Signed-in browsers of operators; the name is the hash of the cookie's value.</summary>
    public const string Sessions = "sessions";

    /// <summary>Applications that registered as clients, by their id.</summary>
    public const string OAuthClients = "oauth-clients";

    /// <summary>Pending OAuth consent requests to operators; the name is the hash of the form's value.</summary>
    public const string OAuthRequests = "oauth-requests";

    /// <summary>Codes that clients exchange for tokens, by their hash.</summary>
    public const string OAuthCodes = "oauth-codes";

    /// <summary>Access and refresh tokens, hashed; the name is their grant's.</summary>
    public const string OAuthTokens = "oauth-tokens";

    /// <summary>Keys that derive a client's next tokens from its refresh token: one document, <c>tokens</c>.</summary>
    public const string OAuthKeys = "oauth-keys";

    /// <summary>Client assertions that were used; the name is a hash.</summary>
    public const string OAuthAssertions = "oauth-assertions";

    /// <summary>Connections of callers to servers, sealed; the name is a hash of the server and the caller.</summary>
    public const string CallerConnections = "caller-connections";

    /// <summary>Links to connect, and sign-ins at servers that have begun; the name is the hash of a value.</summary>
    public const string ConnectionRequests = "connection-requests";

    /// <summary>The gateway's own clients at authorization servers, sealed; the name is a hash of the server.</summary>
    public const string ConnectionClients = "connection-clients";

    /// <summary>Channels that notify people of pending work.</summary>
    public const string Channels = "channels";

    /// <summary>Alert rules of operators.</summary>
    public const string Alerts = "alerts";

    /// <summary>Operators' notes on conditions that need attention; the name is the condition's id.</summary>
    public const string AttentionNotes = "attention-notes";

    /// <summary>Messages to channels, sent or not; the name is <c>NOTIFICATION/CHANNEL</c>.</summary>
    public const string Deliveries = "deliveries";

    /// <summary>Events of which people are notified; the name is the event's id.</summary>
    public const string Events = "events";

    /// <summary>The operators' classifications of tools; the name is <c>SERVER/TOOL</c>.</summary>
    public const string Classifications = "classifications";

    /// <summary>Unpublished edits of policies; the name is the policy's.</summary>
    public const string Drafts = "drafts";

    /// <summary>
    /// Edits that are evaluated beside the published policy, or decide for some grants; the name is the policy's.
    /// </summary>
    public const string Candidates = "candidates";

    /// <summary>The newest checkpoint of each frontend's audit log; the name is the writer's.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The digests of the configuration files of each frontend; the name is its audit log's writer.</summary>
    public const string ConfigFiles = "config-files";

    /// <summary>
    /// The frontends that are up and the digests of the objects in their configuration files; the names are the audit
    /// log's writer, and <c>WRITER/config</c>.
    /// </summary>
    public const string Fleet = "fleet";

    /// <summary>
    /// The number of the inventory of a server that is in effect, by the server's name; the archive contains it.
    /// </summary>
    public const string Inventories = "inventories";

    /// <summary>The presence of someone who watches decisions as they happen: one document, <c>decisions</c>.</summary>
    public const string Watches = "watches";

    /// <summary>Authentication codes of other documents, and the index of their versions.</summary>
    public const string DocumentMacs = "document-macs";

    /// <summary>The objects that the documents of an owner created, by the owner's name.</summary>
    public const string Applied = "applied";

    /// <summary>
    /// Returns true if no call depends on documents of this kind: they come and go and change no snapshot.
    /// </summary>
    internal static bool IsOfNoCall(string kind) =>
        kind is Approvals or StandingApprovals or RetryTokens or LastUsed or Ended or Operators or OperatorKeys
            or OperatorSubjects or Absences or Sessions or Invitations
            or Passkeys or Guesses or Deliveries or Events or Checkpoints or OAuthClients or OAuthRequests
            or OAuthCodes or OAuthTokens or OAuthKeys or OAuthAssertions or Classifications or Drafts or Inventories
            or DigestKeys or Alerts or AttentionNotes or Applied or Watches or DocumentMacs or ConfigFiles or Fleet
            or CallerConnections or ConnectionRequests or ConnectionClients;

    internal static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz-");
}
