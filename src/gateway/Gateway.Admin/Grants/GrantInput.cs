using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Control.Contracts;

namespace Gateway.Admin.Grants;

/// <summary>A grant as the operator creates or changes it.</summary>
internal sealed record GrantInput : FormerlyNamedGrantSpec, IJsonOnDeserialized
{
    /// <summary>The name; for a change, the path has it.</summary>
    public string? Name { get; init; }

    /// <summary>The only server, as in the configuration file; requires <c>policy</c>.</summary>
    public string? Server { get; init; }

    /// <summary>The policy at <c>server</c>.</summary>
    public string? Policy { get; init; }

    /// <summary>True if a new grant starts paused. It is state: PUT and PATCH accept only the current value.</summary>
    public bool? Paused { get; init; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        TakeFormerNames(static (_, message) => throw new JsonException(message));
        if (Server is not null == Servers is not null)
        {
            throw new JsonException(
                "a grant must have either \"servers\" (server name to policy name) or \"server\" with \"policy\"");
        }

        if (Server is not null == Policy is null)
        {
            throw new JsonException(
                "\"server\" and \"policy\" are required together; under \"servers\" each server has its own policy");
        }

        if (Server is not null)
            Servers = new() { [Server] = Policy };
    }
}
