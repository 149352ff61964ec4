using System.Globalization;

namespace Gateway.Control.Definitions;

/// <summary>The user that runs a program in place of the gateway's own user.</summary>
/// <param name="UserId">The user id.</param>
/// <param name="GroupId">The group id.</param>
/// <param name="Name">
/// The user's name, which determines the supplementary groups; null for no supplementary groups.
/// </param>
/// <param name="Home">The home directory; null if it is unknown.</param>
public sealed record ProgramUser(uint UserId, uint GroupId, string? Name, string? Home)
{
    private const string Accounts = "/etc/passwd";
    private const int FieldsOfAccount = 7;
    private static readonly string[] Places = ["/usr/bin/setpriv", "/bin/setpriv", "/usr/sbin/setpriv"];

    /// <summary>
    /// Returns the reason why this process cannot start a program as another user; null if it can. The framework
    /// has no such call, so this needs <c>setpriv</c> of util-linux, and root.
    /// </summary>
    public static string? WhyNot() =>
        Tool() is null
            ? "a program is started as another user by setpriv (of util-linux), which this machine does not have"
            : !Environment.IsPrivilegedProcess
                ? "the gateway does not run as root, so it cannot start a program as another user"
                : null;

    /// <summary>
    /// Finds a user by <c>name</c>, as in <c>/etc/passwd</c>, or by <c>1000:1000</c>, user and group ids; returns null
    /// if the user does not exist.
    /// </summary>
    public static ProgramUser? Find(string written)
    {
        var parts = written.Split(':');
        if (parts.Length == 2)
        {
            return TryNumber(parts[0], out var user) && TryNumber(parts[1], out var group)
                ? new ProgramUser(user, group, null, null)
                : null;
        }

        foreach (var line in File.Exists(Accounts) ? File.ReadLines(Accounts) : [])
        {
            var fields = line.Split(':');
            if (fields.Length == FieldsOfAccount && fields[0] == written
                && TryNumber(fields[2], out var user) && TryNumber(fields[3], out var group))
                return new ProgramUser(user, group, written, fields[5]);
        }

        return null;
    }

    /// <summary>
    /// Returns the words that precede a command to run it as this user, without a way to regain other privileges.
    /// </summary>
    public IEnumerable<string> ToWords() =>
    [
        Tool() ?? Places[0],
        string.Create(CultureInfo.InvariantCulture, $"--reuid={UserId}"),
        string.Create(CultureInfo.InvariantCulture, $"--regid={GroupId}"),
        Name is null ? "--clear-groups" : "--init-groups",
        "--inh-caps=-all", "--no-new-privs", "--",
    ];

    private static string? Tool() => Array.Find(Places, File.Exists);

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != uint.MaxValue;
}
