using Gateway.Admin.Answers;
using Gateway.Identity.Operators;
using Gateway.Identity.Roles;

namespace Gateway.Admin.SignIn;

/// <summary><c>/session</c>: who is signed in.</summary>
internal static class SessionRoutes
{
    /// <summary>Every operation on sessions.</summary>
    public static IEnumerable<AdminRoute> All =>
    [
        new("GET", "/session", Permissions.Self, "Says who you are.", Show)
        {
            Gives = SignInJson.Default.WhoView,
        },
    ];

    private static Task<AdminResponse> Show(AdminCall call) =>
        Task.FromResult(AdminResponse.Ok(View(call.Caller), SignInJson.Default.WhoView));

    private static WhoView View(Caller caller) => new(
        caller.Name, caller.Account?.DisplayName, caller.Roles.Texts, caller.Key is null ? "admin-key" : "key",
        caller.Key?.Name, caller.Key?.Expires);
}
