using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Decisions;

/// <summary>What one limit takes for a call.</summary>
/// <param name="Cost">The counter, its maximum and the amount, as the engine takes them.</param>
/// <param name="Rule">JSON Pointer to the limit.</param>
/// <param name="Counter">The counter's name as written.</param>
/// <param name="Window">The normalised window.</param>
/// <param name="WindowText">The window as written in the document: <c>minute</c>, <c>60</c>, <c>15m</c>.</param>
public readonly record struct DecisionCost(
    LimitCost Cost, string Rule, string Counter, Window Window, string WindowText)
{
    /// <summary>The shares of the maximum at which people are told; empty or default where they are not.</summary>
    public ImmutableArray<NotifyShare> NotifyAt { get; init; }
}
