using System.Diagnostics;

/// <summary>
/// Loaded into a real API process by DOTNET_STARTUP_HOOKS, which finds the class by this name: kills the process as soon as it works on a message of the
/// event that an environment variable names.
/// </summary>
internal static class StartupHook
{
    public const string EventVariable = "PROOFSHEET_TEST_DIES_AT";

    private static ActivityListener? s_listener;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(EventVariable) is not { } happened)
        {
            return;
        }

        s_listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Proofsheet.Outbox",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity =>
            {
                if (activity.OperationName == $"outbox {happened}")
                {
                    Process.GetCurrentProcess().Kill();
                    Thread.Sleep(Timeout.Infinite);
                }
            },
        };
        ActivitySource.AddActivityListener(s_listener);
    }
}
