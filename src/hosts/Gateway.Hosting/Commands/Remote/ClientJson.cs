using System.Text.Json.Serialization;
using Gateway.Admin.Alerts;
using Gateway.Admin.Answers;
using Gateway.Admin.Applying;
using Gateway.Admin.Approvals;
using Gateway.Admin.Backtesting;
using Gateway.Admin.Budgets;
using Gateway.Admin.Changes;
using Gateway.Admin.Channels;
using Gateway.Admin.Connections;
using Gateway.Admin.Counters;
using Gateway.Admin.Grants;
using Gateway.Admin.Lists;
using Gateway.Admin.Operators;
using Gateway.Admin.Pausing;
using Gateway.Admin.Persons;
using Gateway.Admin.Policies;
using Gateway.Admin.Records;
using Gateway.Admin.Servers;
using Gateway.Admin.SignIn;
using Gateway.Admin.Tools;
using Gateway.Audit.Reading;
using Gateway.Audit.Reporting;
using Gateway.Audit.Verifying;
using Gateway.Control.Contracts;
using Gateway.Control.Usage.Asking;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>The contracts of the admin API as a client reads and writes them.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    MaxDepth = 256,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AbsenceInput))]
[JsonSerializable(typeof(AbsenceView))]
[JsonSerializable(typeof(PageView<AbsenceView>))]
[JsonSerializable(typeof(AcceptedView))]
[JsonSerializable(typeof(UnacceptedView))]
[JsonSerializable(typeof(ApplyView))]
[JsonSerializable(typeof(ApprovalInput))]
[JsonSerializable(typeof(ApprovalView))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(BacktestInput))]
[JsonSerializable(typeof(BacktestView))]
[JsonSerializable(typeof(BreakGlassView))]
[JsonSerializable(typeof(BudgetsView))]
[JsonSerializable(typeof(CallView))]
[JsonSerializable(typeof(RecordPageView))]
[JsonSerializable(typeof(CandidateInput))]
[JsonSerializable(typeof(CandidateView))]
[JsonSerializable(typeof(CatalogueView))]
[JsonSerializable(typeof(ChannelCreated))]
[JsonSerializable(typeof(ChannelInput))]
[JsonSerializable(typeof(ChannelResent))]
[JsonSerializable(typeof(ChannelTest))]
[JsonSerializable(typeof(ClassificationInput))]
[JsonSerializable(typeof(ToolClassInput))]
[JsonSerializable(typeof(ClockView))]
[JsonSerializable(typeof(ConnectionTest))]
[JsonSerializable(typeof(CounterReset))]
[JsonSerializable(typeof(CounterView))]
[JsonSerializable(typeof(DriftView))]
[JsonSerializable(typeof(EffectiveConfigView))]
[JsonSerializable(typeof(ErasureInput))]
[JsonSerializable(typeof(ErasureView))]
[JsonSerializable(typeof(GrantCreated))]
[JsonSerializable(typeof(GrantInput))]
[JsonSerializable(typeof(GrantView))]
[JsonSerializable(typeof(HistoryPageView))]
[JsonSerializable(typeof(InvitationCreated))]
[JsonSerializable(typeof(InvitationInput))]
[JsonSerializable(typeof(KeyCreated))]
[JsonSerializable(typeof(KeyInput))]
[JsonSerializable(typeof(ListInput))]
[JsonSerializable(typeof(ListView))]
[JsonSerializable(typeof(LoggedDecision))]
[JsonSerializable(typeof(MatchesView))]
[JsonSerializable(typeof(OperatorInput))]
[JsonSerializable(typeof(OperatorView))]
[JsonSerializable(typeof(AlertTest))]
[JsonSerializable(typeof(AlertView))]
[JsonSerializable(typeof(AttentionNoteInput))]
[JsonSerializable(typeof(PageView<AlertView>))]
[JsonSerializable(typeof(PageView<AttentionView>))]
[JsonSerializable(typeof(PageView<ApprovalView>))]
[JsonSerializable(typeof(PageView<BacktestView>))]
[JsonSerializable(typeof(PageView<ChannelView>))]
[JsonSerializable(typeof(PageView<ConnectionView>))]
[JsonSerializable(typeof(PageView<CounterView>))]
[JsonSerializable(typeof(PageView<GrantView>))]
[JsonSerializable(typeof(PageView<InvitationView>))]
[JsonSerializable(typeof(PageView<KeyView>))]
[JsonSerializable(typeof(PageView<ListView>))]
[JsonSerializable(typeof(PageView<NamedItem>))]
[JsonSerializable(typeof(PageView<OperatorView>))]
[JsonSerializable(typeof(PageView<PasskeyView>))]
[JsonSerializable(typeof(PageView<PolicyVersionView>))]
[JsonSerializable(typeof(PageView<PolicyView>))]
[JsonSerializable(typeof(PageView<ServerView>))]
[JsonSerializable(typeof(PageView<SessionView>))]
[JsonSerializable(typeof(PageView<SharedBudgetView>))]
[JsonSerializable(typeof(PageView<StandingView>))]
[JsonSerializable(typeof(PauseInput))]
[JsonSerializable(typeof(PausesView))]
[JsonSerializable(typeof(PersonInput))]
[JsonSerializable(typeof(PersonPage))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(RecommendedPolicyView))]
[JsonSerializable(typeof(ReloadInput))]
[JsonSerializable(typeof(ReloadView))]
[JsonSerializable(typeof(RotateInput))]
[JsonSerializable(typeof(SearchView))]
[JsonSerializable(typeof(ServerInput))]
[JsonSerializable(typeof(ServerRenameInput))]
[JsonSerializable(typeof(ServerRenameView))]
[JsonSerializable(typeof(ServerView))]
[JsonSerializable(typeof(SharedBudgetView))]
[JsonSerializable(typeof(TopUpSpec))]
[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(SignInInput))]
[JsonSerializable(typeof(StandingView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(SubjectInput))]
[JsonSerializable(typeof(ToolPageView))]
[JsonSerializable(typeof(ToolsView))]
[JsonSerializable(typeof(UsageAnswer))]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(WhoView))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>An object of any list, for name completion.</summary>
internal sealed record NamedItem(string? Name, string? Key, string? Id);
