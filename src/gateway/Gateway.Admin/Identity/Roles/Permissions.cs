namespace Gateway.Admin.Identity.Roles;

/// <summary>The permissions of operators; each route of the admin API requires one of them.</summary>
[Flags]
public enum Permissions
{
    /// <summary>Required for signing in alone: nobody is signed in yet.</summary>
    None = 0,

    /// <summary>Read and change your own account: identity, keys and sessions.</summary>
    Self = 1,

    /// <summary>Read servers, policies, lists, grants, counters, the status and the record.</summary>
    Read = 2,

    /// <summary>Read requests for approval.</summary>
    ReadApprovals = 4,

    /// <summary>Approve or deny requests.</summary>
    AnswerApprovals = 8,

    /// <summary>Change what <see cref="Read"/> shows.</summary>
    Edit = 16,

    /// <summary>Create, change and remove operators.</summary>
    Administer = 32,

    /// <summary>Allow a client of your own to sign in for a grant.</summary>
    Connect = 64,

    /// <summary>Charge budgets over HTTP. Administrators have it only to grant it.</summary>
    Charge = 128,

    /// <summary>
    /// Send a server's stored credentials to a different recipient than the one that they were entered for. Without
    /// this permission, a change of the recipient detaches them.
    /// </summary>
    ManageSecrets = 256,

    /// <summary>Pause everything, a server or a grant. Resuming requires <see cref="Edit"/>.</summary>
    Pause = 512,

    /// <summary>Use the MCP server for operators' agents. Administrators have it only to grant it.</summary>
    UseMcp = 1024,
}
