using Microsoft.Extensions.Options;

namespace Gateway.Storage.Postgres.Connections;

/// <summary>Holds options to the ranges that stand beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class PostgresOptionsValidator : IValidateOptions<PostgresOptions>;
