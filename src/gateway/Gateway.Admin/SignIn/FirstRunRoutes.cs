using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Operators;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.SignIn;

/// <summary><c>/session/first</c>: creates the first operator, with the link that the first start printed.</summary>
internal sealed class FirstRunRoutes(
    FirstRun first, OperatorRoutes operators, OperatorStore accounts, SessionOpener sessions) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/session/first", MakeAsync).Requires(Permissions.None)
            .WithSummary("Creates the first operator, an administrator, and signs in. Works once, with the link that "
                + "the gateway printed at its first start.").Takes(static () => SignInJson.Default.FirstOperatorInput)
            .Produces<SignedIn>(201);
    }

    private async Task<AdminResponse> MakeAsync(AdminCall call)
    {
        if (SignInRoutes.RefusePlainHttp(call) is { } plain)
            return plain;
        var (input, unreadable) = await call.ReadAsync(SignInJson.Default.FirstOperatorInput);
        if (input is null)
            return unreadable!;
        if (!first.TryTake(input.Code))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "This link is no longer valid",
                "The link works once, within an hour, at the gateway that printed it, until that gateway restarts or "
                    + "an operator exists. Sign in, or create one: gateway operator create NAME --role admin "
                    + "--password");
        }

        // Until there is an operator, changes are recorded as made with the administrator's key.
        var isMade = false;
        try
        {
            var made = await operators.CreateAsync(call.As(AdminCaller.BreakGlass), new OperatorInput
            {
                Name = input.Name,
                DisplayName = input.DisplayName,
                Password = input.Password,
                Roles = [Role.Admin],
            });
            isMade = made.Status == StatusCodes.Status201Created;
            if (!isMade)
                return made;
        }
        finally
        {
            if (!isMade)
                first.GiveBack(input.Code);
        }

        return await sessions.OpenAsync(call, accounts.Current.Accounts[input.Name]);
    }
}
