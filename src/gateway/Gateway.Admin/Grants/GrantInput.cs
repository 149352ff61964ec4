using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Control.Contracts;

namespace Gateway.Admin.Grants;

/// <summary>A grant as the operator creates or changes it.</summary>
internal sealed record GrantInput : FormerlyNamedGrantSpec, IJsonOnDeserialized
{
    /// <summary>Its name; taken from the address where it is changed.</summary>
    public string? Name { get; init; }

    /// <summary>The only server, as in the configuration file; requires <c>policy</c>.</summary>
    public string? Server { get; init; }

    /// <summary>The policy at <c>server</c>.</summary>
    public string? Policy { get; init; }

    /// <summary>
    /// Whether a new grant begins paused. It is state: PUT and PATCH accept only its present value.
    /// </summary>
    public bool? Paused { get; init; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        TakeFormerNames(static (_, message) => throw new JsonException(message));
        if (Server is not null == Servers is not null)
        {
            throw new JsonException(
                "a grant takes either \"servers\" (server name to policy name) or \"server\" with \"policy\"");
        }

        if (Server is not null == Policy is null)
        {
            throw new JsonException(
                "\"server\" and \"policy\" go together; under \"servers\" each server names its own");
        }

        if (Server is not null)
            Servers = new() { [Server] = Policy };
    }
}
