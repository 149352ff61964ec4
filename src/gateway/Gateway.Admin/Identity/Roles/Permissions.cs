namespace Gateway.Admin.Identity.Roles;

/// <summary>What an operator may do; each route of the admin API asks for one of these.</summary>
[Flags]
public enum Permissions
{
    /// <summary>Asked for by signing in alone: nobody is signed in yet.</summary>
    None = 0,

    /// <summary>What is one's own: who one is, one's keys and sessions.</summary>
    Self = 1,

    /// <summary>See servers, policies, lists, grants, counters, the status and the record.</summary>
    Read = 2,

    /// <summary>See requests for approval.</summary>
    ReadApprovals = 4,

    /// <summary>Approve and deny them.</summary>
    AnswerApprovals = 8,

    /// <summary>Change what <see cref="Read"/> shows.</summary>
    Edit = 16,

    /// <summary>Make, change and remove operators.</summary>
    Administer = 32,

    /// <summary>Allow a client of one's own that signs in for a grant.</summary>
    Connect = 64,

    /// <summary>Charge budgets over HTTP. An administrator may give it, and does not charge.</summary>
    Charge = 128,

    /// <summary>
    /// Have a server's stored credentials sent to somewhere else than they were entered for. Without it a change of
    /// who receives them detaches them.
    /// </summary>
    ManageSecrets = 256,

    /// <summary>Pause everything, a server or a grant. Resuming needs <see cref="Edit"/>.</summary>
    Pause = 512,

    /// <summary>Use the MCP server for operators' agents. An administrator may give it, and does not use it.</summary>
    UseMcp = 1024,
}
