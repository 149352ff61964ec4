using Microsoft.Extensions.Options;

namespace Gateway.Control.Memory;

/// <summary>Validates options against the ranges that stand beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class MemoryBudgetOptionsValidator : IValidateOptions<MemoryBudgetOptions>;
