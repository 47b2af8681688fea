namespace Proofsheet.Uploader.Commands;

internal static class Help
{
    private const string Text = """
        Uploads folders of photographs to galleries, and goes on where it was interrupted.

        uploader login  --api URL --authority URL --client-id ID [--studio SLUG]
        uploader logout
        uploader upload FOLDER --gallery ID|TITLE [options]
        uploader watch  FOLDER --gallery ID|TITLE [options]

        login shows a code to type on any device, and keeps the tokens in a file that you alone can read. Instead of signing in, PROOFSHEET_KEY
        (or --key, which other users of this machine can see) takes a studio's secret key.

        upload sends what the gallery does not have yet. After a cut of the network it goes on by itself; after Ctrl-C or a crash, run it again.
        watch does the same with every photograph that comes into the folder, once it is complete, until Ctrl-C.

          --gallery ID|TITLE   where to; a title in quotes
          --create             makes the gallery when there is none of that title
          --sections           each folder in FOLDER becomes a section
          --publish            publishes the gallery at the end (upload)
          --settle SECONDS     how long a file has to stand still to be complete, 3 (watch)
          --all                takes every file, not only those named like photographs
          --concurrency N      files at the same time, 3
          --patience MINUTES   how long to try while nothing gets through, 60
          --plain              lines instead of bars; also when the output is no terminal
          --api URL            the API; or PROOFSHEET_URL

        Other variables: PROOFSHEET_AUTHORITY, PROOFSHEET_CLIENT_ID, PROOFSHEET_STUDIO; NO_COLOR for bars without colors.

        Ends with 0 when everything is there, 1 when files were refused, 2 for a command that cannot be understood or done, 3 when you are not
        signed in or not allowed, 4 when the API could not be reached, 5 for anything else, 130 after Ctrl-C.
        """;

    public static int Show(CommandLine line)
    {
        Console.WriteLine(Text);
        return line.Command == "help" ? ExitCode.Done : ExitCode.Usage;
    }
}
