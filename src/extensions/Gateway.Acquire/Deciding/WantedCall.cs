using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Acquire.Messages;
using Gateway.Acquire.Options;
using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Acquire.Deciding;

/// <summary>A validated request with its budgets, before any counter is used.</summary>
internal sealed class WantedCall
{
    private WantedCall(Actor by, string id, WantedCost[] costs) =>
        (By, Id, Costs, Fingerprint) = (by, id, costs, FingerprintOf(costs));

    /// <summary>The service, as in audit records.</summary>
    public Actor By { get; }

    public string Service => By.Name;

    public string Id { get; }

    public WantedCost[] Costs { get; }

    /// <summary>Fingerprint of all costs, from 1 to 2^59; it prevents charging an id for other costs.</summary>
    public long Fingerprint { get; }

    /// <summary>Validates a request; returns the call, or the problem that prevents a decision.</summary>
    public static (WantedCall? Call, AcquireProblem? Problem) Read(
        Actor by, AcquireMessage message, IReadOnlyDictionary<string, Budget> budgets, AcquireOptions options)
    {
        if (CheckId(message.Id, options) is { } wrong)
            return (null, wrong);
        if (message.Costs.Count == 0 || message.Costs.Count > options.CostsMax)
        {
            return (null, AcquireProblem.Invalid(
                $"\"costs\" has {message.Costs.Count} entries; write 1 to {options.CostsMax}."));
        }

        var costs = new WantedCost[message.Costs.Count];
        for (var i = 0; i < costs.Length; i++)
        {
            var (cost, problem) = ReadCost(by.Name, message.Costs[i], $"costs[{i}]", budgets, options);
            if (problem is not null)
                return (null, problem);
            costs[i] = cost!;
        }

        return (new WantedCall(by, message.Id, costs), null);
    }

    public static AcquireProblem? CheckId(string id, AcquireOptions options) =>
        id.Length > 0 && id.Length <= options.IdCharactersMax
            ? null
            : AcquireProblem.Invalid($"\"id\" must have 1 to {options.IdCharactersMax} characters.");

    /// <summary>Parses a cost: 1 if it is absent; null, with a problem, if it is not a number above 0.</summary>
    public static Amount? ReadAmount(JsonElement? written, string place, out AcquireProblem? problem)
    {
        problem = null;
        if (written is not { ValueKind: not JsonValueKind.Null } value)
            return Amount.One;
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => null,
        };
        if (Amount.TryParse(text, out var amount) && amount > Amount.Zero)
            return amount;
        problem = AcquireProblem.Invalid($"\"cost\" of {place} must be a number above 0 with at most 18 integer and 9 "
            + "fraction digits, or a string that contains such a number. To charge nothing, send \"dry_run\": true.");
        return null;
    }

    private static (WantedCost? Cost, AcquireProblem? Problem) ReadCost(
        string service, CostMessage? message, string place, IReadOnlyDictionary<string, Budget> budgets,
        AcquireOptions options)
    {
        if (message is null)
            return (null, AcquireProblem.Invalid($"{place} is null; write an object."));
        // Both cases have the same message, so that a service cannot discover other services' budgets.
        if (!budgets.TryGetValue(message.Budget, out var budget) || !budget.Admits(service))
        {
            return (null, AcquireProblem.Of(StatusCodes.Status403Forbidden, "No such budget",
                $"{place}: {service} may not charge a budget \"{Spelling.Shorten(message.Budget)}\". Use a "
                + "budget that names this service in \"services\", or ask the operator to add it."));
        }

        if (budget.IsKeyed != message.Key is not null)
        {
            return (null, AcquireProblem.Invalid(budget.IsKeyed
                ? $"{place}: the budget \"{budget.Name}\" counts separately for each key; add the member \"key\"."
                : $"{place}: the budget \"{budget.Name}\" is not \"keyed\"; omit \"key\"."));
        }

        if (message.Key is { } key && (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > options.KeyBytesMax))
            return (null, AcquireProblem.Invalid($"{place}: \"key\" must have 1 to {options.KeyBytesMax} bytes."));
        return ReadAmount(message.Cost, place, out var problem) is { } amount
            ? (new WantedCost(budget, message.Key, budget.CounterOf(message.Key), amount), null)
            : (null, problem);
    }

    private static long FingerprintOf(WantedCost[] costs)
    {
        var text = new StringBuilder();
        foreach (var cost in costs)
            text.Append(CultureInfo.InvariantCulture, $"{cost.Counter.ScopeId}/{cost.Counter.Counter}={cost.Cost};");
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), digest);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(digest) >> 5) + 1;
    }
}
